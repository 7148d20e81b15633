import { Ctx, Query, Resolver } from 'type-graphql';
import { Costs } from '../schema/costs.js';
import { HubBudget } from '../schema/hub-budget.js';
import { Requires } from '../schema/requires.js';
import type { HubBudget as BudgetView } from '../services/hub-budget.js';
import type { Context } from './context.js';

@Resolver(() => HubBudget)
export class HubBudgetResolver {
  @Costs({})
  @Requires('hub:read')
  @Query(() => [HubBudget], {
    description: 'What the gateway may ask of its hubs, and what it asked, class by class.',
  })
  hubBudget(@Ctx() { caller, hubBudgets }: Context): readonly BudgetView[] {
    return hubBudgets.list(caller);
  }
}
