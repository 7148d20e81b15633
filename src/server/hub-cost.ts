import type { ApolloServerPlugin } from '@apollo/server';
import { currentCost } from '../services/hub/request-cost.js';

/** Tells in `extensions.hubCost` how many requests to the hub an answer took, by class. */
export const hubCostPlugin: ApolloServerPlugin = {
  async requestDidStart() {
    return {
      async willSendResponse({ response }) {
        const hubCost = currentCost();
        if (response.body.kind !== 'single' || !hubCost) return;
        const { singleResult } = response.body;
        singleResult.extensions = { ...singleResult.extensions, hubCost };
      },
    };
  },
};
