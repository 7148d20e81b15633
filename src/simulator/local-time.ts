/** Local times without a zone, as Python and Java print them. */

/**
 * As Python's `str(datetime.now())`: `2026-03-09 07:05:02.041000`, and without the fraction when it is zero.
 * JavaScript knows milliseconds only, so the last three digits are always zero.
 */
export function formatPythonTime(time: Date): string {
  const milliseconds = time.getMilliseconds();
  const fraction = milliseconds === 0 ? '' : `.${pad(milliseconds, 3)}000`;
  return `${formatDate(time)} ${formatTime(time)}${fraction}`;
}

/** As Java's `LocalDateTime.toString()`: the fraction is left out when it is zero, and so are then zero seconds. */
export function formatJavaTime(time: Date): string {
  const milliseconds = time.getMilliseconds();
  const fraction = milliseconds === 0 ? '' : `.${pad(milliseconds, 3)}`;
  const clock = formatTime(time);
  const short = fraction === '' && time.getSeconds() === 0 ? clock.slice(0, 5) : clock;
  return `${formatDate(time)}T${short}${fraction}`;
}

function formatDate(time: Date): string {
  return `${pad(time.getFullYear(), 4)}-${pad(time.getMonth() + 1, 2)}-${pad(time.getDate(), 2)}`;
}

function formatTime(time: Date): string {
  return `${pad(time.getHours(), 2)}:${pad(time.getMinutes(), 2)}:${pad(time.getSeconds(), 2)}`;
}

function pad(value: number, width: number): string {
  return String(value).padStart(width, '0');
}
