/** Of inputs whose reason is for the audit alone. */
export const reasonForAudit = 'Why, for the audit: 1 to 1024 characters.';
