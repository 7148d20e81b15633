import type { Clock } from '../clock.js';
import { badInput, RequestError } from '../errors.js';
import type { Twin } from '../hub/twin.js';
import { Recent } from '../recent.js';
import { checkFilter, longestCondition } from './check-filter.js';
import {
  type CompiledFilter,
  compileFilter,
  deviceQuery,
  type FilterTerms,
  LONGEST_QUERY,
  moduleQuery,
} from './compile.js';
import { isPrimitive } from './compile-property.js';
import { all, type Condition, everyRow, says } from './condition.js';
import {
  bothOf,
  type DeviceFilter,
  type ModuleFilter,
  moduleFiltersIn,
  type ScopedFilter,
} from './device-filter.js';
import type { HubQueries } from './hub-queries.js';
import { matchesFilter } from './match.js';

/** A filter that is ready to be asked of the hub. */
export interface Selection {
  /** Lets through all that is selected, and, unless it is exact, more. */
  readonly condition: Condition;
  /** Whether the condition rests on what is known of the properties that are negated. */
  readonly plain: boolean;
  readonly matches: (twin: Twin) => boolean;
}

/** What was found out about the fleet is believed for so long (ms). */
const BELIEVED_FOR = 60_000;
/** To find out that a property holds no objects takes two queries. */
const MOST_FOUND_OUT = 2;

/** Turns filters into what the hub can be asked, asking it first what they depend on. */
export class DeviceSelector {
  readonly #queries: HubQueries;
  readonly #fixed: Pick<FilterTerms, 'rebootPaths' | 'hub'>;
  readonly #devicesWithModule: Recent<ReadonlySet<string>>;
  readonly #plainness: Recent<boolean>;

  constructor(queries: HubQueries, fixed: Pick<FilterTerms, 'rebootPaths' | 'hub'>, clock: Clock) {
    this.#queries = queries;
    this.#fixed = fixed;
    this.#devicesWithModule = new Recent({ clock, keptFor: BELIEVED_FOR, most: 50 });
    this.#plainness = new Recent({ clock, keptFor: BELIEVED_FOR, most: 1000 });
  }

  /**
   * Throws RequestError for a filter that no hub could be asked. `plain` is given where a list goes
   * on that was begun with it; left out, the hub is asked, where that matters.
   */
  async select(asked: ScopedFilter, plain?: boolean): Promise<Selection> {
    checkFilter(asked.where);
    const filter = bothOf(asked);
    const terms = await this.#terms(filter);
    const matches = (twin: Twin) => matchesFilter(twin, filter, terms);
    const cautious = compileFilter(filter, { ...terms, plain: false });
    const rely = plain ?? (!cautious.condition.exact && (await this.#arePlain(cautious, asked)));
    const { condition } = rely ? compileFilter(filter, { ...terms, plain: true }) : cautious;
    checkLength(condition, asked.where);
    return { condition, plain: rely, matches };
  }

  async #terms(filter: DeviceFilter): Promise<FilterTerms> {
    const found = new Map<ModuleFilter, ReadonlySet<string>>();
    for (const modules of moduleFiltersIn(filter)) {
      found.set(modules, await this.#withModule(modules));
    }
    return {
      ...this.#fixed,
      withModule: (modules) => found.get(modules) ?? new Set(),
    };
  }

  /** The hub has no joins: it is asked for the modules first, then for the devices by their ids. */
  #withModule(modules: ModuleFilter): Promise<ReadonlySet<string>> {
    const sql = moduleQuery(modules);
    return this.#devicesWithModule.get(sql, async () => {
      const rows = await this.#queries.allRows(sql, 'there are more modules like this');
      const deviceIds = new Set(rows.map(({ deviceId }) => String(deviceId)));
      checkNameable(deviceIds);
      return deviceIds;
    });
  }

  /** Whether no device within the scope holds an object or a list at any of these properties. */
  async #arePlain({ negated }: CompiledFilter, { scope }: ScopedFilter): Promise<boolean> {
    if (negated.length > MOST_FOUND_OUT) return false;
    const within = scope ? await this.#widest(scope) : everyRow;
    for (const property of negated) {
      const key = `${property} ${within.sql}`;
      const isPlain = await this.#plainness.get(key, () => this.#isPlain(property, within));
      if (!isPlain) return false;
    }
    return true;
  }

  /** Lets through all of a scope, whatever properties hold. */
  async #widest(scope: DeviceFilter): Promise<Condition> {
    return compileFilter(scope, { ...(await this.#terms(scope)), plain: false }).condition;
  }

  async #isPlain(property: string, within: Condition): Promise<boolean> {
    const [primitives, defined] = await Promise.all([
      this.#queries.count(all([within, isPrimitive(property)])),
      this.#queries.count(all([within, says(`IS_DEFINED(${property})`)])),
    ]);
    return primitives === defined;
  }
}

/** Devices with a module are named in the query for them, which is to have room for the rest. */
const LONGEST_NAMES = 6_000;

function checkNameable(deviceIds: ReadonlySet<string>): void {
  if ([...deviceIds].join("', '").length <= LONGEST_NAMES) return;
  throw new RequestError(
    'RESULT_TOO_LARGE',
    'where: more devices have a module like this than a query can name; narrow the filter',
    'where',
  );
}

function checkLength(condition: Condition, filter: DeviceFilter): void {
  const { length } = deviceQuery('*', condition);
  if (length <= LONGEST_QUERY) return;
  throw badInput(
    longestCondition(filter),
    `the filter is too long for IoT Hub, and this is its longest condition: ${length} characters, ` +
      `expected at most ${LONGEST_QUERY}`,
  );
}
