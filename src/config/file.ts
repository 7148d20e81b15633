import { readFileSync } from 'node:fs';
import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { tutorialProfiles } from '../services/actions/built-in.js';
import type { ActionProfile } from '../services/actions/profile.js';
import { profileListForm } from '../services/actions/profile-form.js';
import { apiKeyListForm } from '../services/callers/api-key-form.js';
import type { ApiKey } from '../services/callers/api-keys.js';
import { claimMappingForm } from '../services/callers/claim-form.js';
import { type ClaimMapping, defaultClaims } from '../services/callers/claims.js';
import { rolesForm } from '../services/callers/role-form.js';
import { builtInRoles, type Roles } from '../services/callers/roles.js';
import { checkRoleNames } from './authentication.js';
import { type Environment, type HubEntry, hubListForm } from './hubs.js';
import { type LimitsEntry, limitsForm } from './limits.js';

/** What does not fit an environment variable. */
export interface FileConfig {
  readonly hubs: readonly HubEntry[];
  readonly profiles: readonly ActionProfile[];
  readonly roles: Roles;
  readonly claims: ClaimMapping;
  readonly apiKeys: readonly ApiKey[];
  readonly limits: LimitsEntry;
  /** One line each; where there is any, the rest is not to be used. */
  readonly problems: readonly string[];
}

const fileForm = (environment: Environment) =>
  z
    .strictObject({
      hubs: hubListForm(environment).default([]),
      profiles: profileListForm(tutorialProfiles).default([]),
      roles: rolesForm.default(builtInRoles),
      claims: claimMappingForm.default(defaultClaims),
      apiKeys: apiKeyListForm.default([]),
      limits: limitsForm.default({}),
    })
    .superRefine(checkRoleNames);

/** What a file that says nothing comes to. */
export const emptyFile: FileConfig = {
  hubs: [],
  profiles: [],
  roles: builtInRoles,
  claims: defaultClaims,
  apiKeys: [],
  limits: {},
  problems: [],
};

type Path = readonly PropertyKey[];

/**
 * Reads the configuration file, YAML or JSON. Problems name the file, the line and the place in it;
 * a value is never repeated, for it may be a secret at the wrong place.
 */
export function readConfigFile(file: string, environment: Environment): FileConfig {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    // Without the name that follows: it may be a secret in the wrong variable.
    const [reason] = (error instanceof Error ? error.message : String(error)).split(', ');
    return { ...emptyFile, problems: [`it cannot be read: ${reason}`] };
  }
  const { problems, ...config } = parseConfigFile(text, environment);
  return { ...config, problems: problems.map((problem) => `${file}:${problem}`) };
}

/** The same for the text of a file; problems begin with their line. */
export function parseConfigFile(text: string, environment: Environment = {}): FileConfig {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const lineAt = (offset: number) => lines.linePos(offset).line;
  if (document.errors.length > 0) {
    const problems = document.errors.map(({ pos, message }) => `${lineAt(pos[0])}: ${message}`);
    return { ...emptyFile, problems };
  }
  let content: unknown;
  try {
    content = document.toJS();
  } catch (error) {
    return { ...emptyFile, problems: [`1: ${(error as Error).message}`] };
  }
  // An empty file says nothing.
  const result = fileForm(environment).safeParse(content ?? {}, { error: wordsFor });
  if (result.success) return { ...result.data, problems: [] };
  const problems = result.error.issues.flatMap(placesOf).map(({ path, message }) => ({
    line: lineAt(offsetOf(document, path)),
    text: path.length === 0 ? message : `${formatPath(path)}: ${message}`,
  }));
  return {
    ...emptyFile,
    problems: problems.sort((a, b) => a.line - b.line).map(({ line, text }) => `${line}: ${text}`),
  };
}

/** In our words, where the form has none of its own. */
function wordsFor(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code !== 'invalid_type') return undefined;
  return issue.input === undefined ? 'it is missing' : `expected ${issue.expected}`;
}

/** A problem with several keys is one of each. */
function placesOf(issue: z.core.$ZodIssue): readonly { path: Path; message: string }[] {
  if (issue.code !== 'unrecognized_keys') return [issue];
  return issue.keys.map((key) => ({ path: [...issue.path, key], message: 'there is no such key' }));
}

/** Where the key at a path begins, or, of what is missing, what it is missing from. */
function offsetOf(document: Document, path: Path): number {
  for (let length = path.length; length > 0; length -= 1) {
    const parent: unknown = document.getIn(path.slice(0, length - 1), true);
    const key = path[length - 1];
    const pair = isMap(parent)
      ? parent.items.find((item) => isScalar(item.key) && item.key.value === key)
      : undefined;
    const node: unknown = pair?.key ?? document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return 0;
}

function formatPath(path: Path): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return text === '' ? String(key) : `${text}.${String(key)}`;
  }, '');
}
