import { Arg, Ctx, Int, Query, Resolver } from 'type-graphql';
import { AuditEntryConnection, AuditFilter } from '../schema/audit.js';
import { Requires } from '../schema/requires.js';
import type { Context } from './context.js';
import { auditFilter, pageSize } from './input.js';

@Resolver()
export class AuditResolver {
  @Requires('audit:read')
  @Query(() => AuditEntryConnection, {
    description:
      'Who did what to which device, newest first; also what was refused. Of all devices, so it ' +
      'takes a permission that is not limited to some.',
  })
  audit(
    @Arg('where', () => AuditFilter, { nullable: true, description: 'Which; all, if left out.' })
    where: AuditFilter | null | undefined,
    @Arg('first', () => Int, { defaultValue: 50, description: 'At most how many, 1 to 100.' })
    first: number,
    @Arg('after', () => String, { nullable: true, description: '`endCursor` of the page before.' })
    after: string | null | undefined,
    @Ctx() { caller, audit }: Context,
  ): Promise<object> {
    return audit.list(caller, auditFilter(where), pageSize(first), after ?? undefined);
  }
}
