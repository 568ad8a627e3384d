import type { FastifyReply, FastifyRequest } from 'fastify';
import { trackIdOf } from '#track/identity.ts';
import type { FeedPorts } from './context.ts';
import { errorBody } from './errors.ts';
import type { WithdrawnTrack } from './withdrawal-ports.ts';

/** Says of a withdrawn track who withdrew it, when and why, and nothing else. */
export const withdrawnSentence = ({ trackId, by, at, reason, erased }: WithdrawnTrack): string =>
  `Track ${trackId} was withdrawn by ${by} at ${at}${reason === null ? '' : `: ${reason}`}.${
    erased ? '' : ' The projector has not come to it yet; then everything stored of it is erased.'
  }`;

/** Answers for withdrawn tracks before their route does. */
export const unlessWithdrawn =
  ({ withdrawals }: Pick<FeedPorts, 'withdrawals'>) =>
  async ({ params: { id } }: FastifyRequest<{ Params: { id: string } }>, reply: FastifyReply): Promise<unknown> => {
    const trackId = trackIdOf(id);
    const withdrawn = trackId === null ? null : await withdrawals.of(trackId);
    return withdrawn === null ? undefined : reply.code(410).send(errorBody('GONE', withdrawnSentence(withdrawn)));
  };
