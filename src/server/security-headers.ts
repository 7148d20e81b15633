import type { FastifyHelmetOptions } from '@fastify/helmet';

/**
 * What browsers are told with every answer. A page of ours takes scripts, styles and data from
 * here alone, runs nothing that stands in the page itself, and is framed by nobody.
 */
export const securityHeaders: FastifyHelmetOptions = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'", 'data:'],
      fontSrc: ["'self'"],
      // Of the same host, WebSockets included.
      connectSrc: ["'self'"],
      manifestSrc: ["'self'"],
      formAction: ["'self'"],
      baseUri: ["'none'"],
      frameAncestors: ["'none'"],
    },
  },
  xFrameOptions: { action: 'deny' },
  // For whoever ends TLS to say: the gateway speaks plain HTTP.
  strictTransportSecurity: false,
};
