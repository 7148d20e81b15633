/** What the fields of devices and of modules that show properties have in common. */

export type PropertyPaths = readonly (readonly string[])[] | null | undefined;

export const selectedPaths = {
  nullable: true,
  description: 'Which, at most 100. Left out: each property, an object by what is in it.',
};

export const driftDescription =
  'The desired properties that are not reported in the same way: objects are compared property by ' +
  'property, lists whole. Where the device acknowledges a property by the convention of IoT Plug ' +
  'and Play, the value that it acknowledges counts. What is reported without being desired is no ' +
  'drift. Empty: what is desired is reported.';

export const driftingPaths = {
  nullable: true,
  description: 'Only what is at or below these, at most 100. Left out: all desired properties.',
};
