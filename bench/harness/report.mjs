import { median, summarize } from './statistics.mjs';
import { formatTable } from './table.mjs';

/** A load generator that has a core to itself and uses more of it than this may be the limit, not the server. */
const busy = 0.9;

/** What is made of the two values of a pair. A figure alone has no rival. */
const figures = {
  ratio: (ours, rival) => ours.value / rival.value,
  difference: (ours, rival) => ours.value - rival.value,
  alone: (ours) => ours.value,
};

/** What the pairs of a row come to. */
export function evaluate({ pairs, figure, goal = {}, rival: rivalName = '–', ...row }) {
  const ours = pairs.map((pair) => pair.ours);
  const rival = pairs.flatMap((pair) => pair.rival ?? []);
  const result = summarize(pairs.map((pair) => figures[figure](pair.ours, pair.rival)));
  return {
    ...row,
    rival: rivalName,
    figure,
    ours: describeSide(ours),
    rivals: describeSide(rival),
    result,
    goal,
    met: isMet(goal, result.median),
    limitedByLoad: [...ours, ...rival].some(({ loadBusy = 0 }) => loadBusy > busy),
    pairs,
  };
}

/** All rows as a table. */
export function formatReport(rows) {
  const heads = [
    'case',
    'rival',
    'unit',
    'ours',
    'rival’s',
    'result (least to greatest)',
    'goal',
    'met',
    'CPU per unit, ours : rival’s',
    'peak MB',
  ];
  return formatTable(heads, rows.map(formatRow));
}

function formatRow({ name, rival, unit, figure, ours, rivals, result, goal, met, limitedByLoad }) {
  const format = figure === 'difference' ? formatDifference : formatNumber;
  const [median, min, max] = [result.median, result.min, result.max].map(format);
  return [
    name,
    rival,
    unit,
    formatNumber(ours.value),
    formatNumber(rivals.value),
    `${median} (${min} to ${max})${limitedByLoad ? ' *' : ''}`,
    formatGoal(goal),
    met ? 'yes' : 'NO',
    `${formatMicroseconds(ours.cpuUs)} : ${formatMicroseconds(rivals.cpuUs)}`,
    `${formatMegabytes(ours.peakBytes)} : ${formatMegabytes(rivals.peakBytes)}`,
  ];
}

function describeSide(samples) {
  const medianOf = (key) => {
    const values = samples.map((sample) => sample[key]).filter((value) => value !== undefined);
    return values.length === 0 ? undefined : median(values);
  };
  return { value: medianOf('value'), cpuUs: medianOf('cpuUs'), peakBytes: medianOf('peakBytes') };
}

function isMet({ atLeast = Number.NEGATIVE_INFINITY, atMost = Number.POSITIVE_INFINITY }, value) {
  return value >= atLeast && value <= atMost;
}

function formatGoal({ atLeast, atMost }) {
  if (atLeast !== undefined) return `≥ ${atLeast}`;
  return atMost === undefined ? '–' : `≤ ${atMost}`;
}

function formatDifference(value) {
  return `${value < 0 ? '−' : '+'}${formatNumber(Math.abs(value))}`;
}

function formatNumber(value) {
  if (value === undefined) return '–';
  const digits = value >= 100 || value === 0 ? 0 : value >= 10 ? 1 : 2;
  return value.toFixed(digits);
}

function formatMicroseconds(value) {
  if (value === undefined) return '–';
  return value >= 10_000 ? `${formatNumber(value / 1000)} ms` : `${formatNumber(value)} µs`;
}

function formatMegabytes(bytes) {
  return bytes === undefined ? '–' : (bytes / 1024 ** 2).toFixed(0);
}
