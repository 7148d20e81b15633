/** Of inputs that start an operation. */
export const idempotencyKeyDescription =
  'At most 128 characters of your choice. Asking again with the same gives the same operation; ' +
  'with other input it is an error.';
