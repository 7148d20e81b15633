/** What a gateway process is started with to go wrong, or to be looked into. */
import type { Seam } from '../../../src/services/actions/seams.js';

export type Environment = Readonly<Record<string, string>>;

export interface Preload {
  readonly file: string;
  readonly variables: Environment;
}

/** Dies (SIGKILL) the how-manieth time that it passes a seam, or any of them. */
export function dyingAt(seam: Seam | 'ANY', passing: number): Preload {
  return { file: 'die-at-seam.mjs', variables: { DIE_AT: `${seam} ${passing}` } };
}

/** As dyingAt, counted from a SIGUSR2 on; then it prints that it is armed. */
export function dyingWhenArmedAt(seam: Seam, passing: number): Preload {
  return { file: 'die-at-seam.mjs', variables: { DIE_AT: `${seam} ${passing} when armed` } };
}

/** Takes it to be so much later (ms). */
export function later(by: number): Preload {
  return { file: 'later.mjs', variables: { LATER_BY: String(by) } };
}

/** Tells on SIGUSR2 what it holds on to. */
export const tellingResources: Preload = { file: 'resources.mjs', variables: {} };

/** Tells on SIGUSR2 what it takes. */
export const tellingFootprint: Preload = { file: 'footprint.mjs', variables: {} };

/** Survives that a file may not grow. */
export const outgrowing: Preload = { file: 'outgrown.mjs', variables: {} };

/** The variables of a process that is to load these first. */
export function preloading(...preloads: readonly Preload[]): Environment {
  const imports = preloads.map(({ file }) => `--import ${new URL(file, import.meta.url).href}`);
  return Object.assign(
    { NODE_OPTIONS: imports.join(' ') },
    ...preloads.map(({ variables }) => variables),
  ) as Environment;
}
