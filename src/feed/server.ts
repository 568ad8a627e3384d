import { fileURLToPath } from 'node:url';
import rateLimit from '@fastify/rate-limit';
import fastifyStatic from '@fastify/static';
import swagger from '@fastify/swagger';
import websocket from '@fastify/websocket';
import fastify, { type FastifyInstance } from 'fastify';
import { CLOSE } from './client.ts';
import { FEED_DEFAULTS, type FeedPorts, type FeedSettings, type RouteContext } from './context.ts';
import { answerErrors } from './errors.ts';
import { guard } from './guard.ts';
import { openHub } from './hub.ts';
import { feedRoute } from './routes/feed.ts';
import { healthRoutes } from './routes/health.ts';
import { ingestRoute } from './routes/ingest.ts';
import { letterOrderRoutes } from './routes/letter-orders.ts';
import { lettersRoutes } from './routes/letters.ts';
import { operationsRoute } from './routes/operations.ts';
import { playlistsRoute } from './routes/playlists.ts';
import { replaysRoutes } from './routes/replays.ts';
import { runRoute } from './routes/run.ts';
import { runsRoute } from './routes/runs.ts';
import { statusRoute } from './routes/status.ts';
import { timelineRoute } from './routes/timeline.ts';
import { trackRoute } from './routes/track.ts';
import { tracksRoute } from './routes/tracks.ts';
import { withdrawRoute } from './routes/withdraw.ts';

const ROUTES = [
  feedRoute,
  tracksRoute,
  trackRoute,
  timelineRoute,
  withdrawRoute,
  lettersRoutes,
  letterOrderRoutes,
  operationsRoute,
  replaysRoutes,
  runsRoute,
  runRoute,
  playlistsRoute,
  ingestRoute,
  statusRoute,
  healthRoutes,
] as const;

export type FeedServer = {
  readonly url: string;
  /** Says goodbye to the clients, finishes requests at hand, and lets go of the feed. */
  close(): Promise<void>;
};

/**
 * Starts the feed server: the API, the WebSocket feed and the page.
 * @returns its URL
 * @throws when the port is taken or the database cannot be reached
 */
export async function startFeed(
  given: Pick<FeedSettings, 'host' | 'port'> & Partial<FeedSettings>,
  ports: FeedPorts,
): Promise<FeedServer> {
  const settings: FeedSettings = { ...FEED_DEFAULTS, ...given };
  const hub = await openHub(ports.log, (error) => ports.failed(error, null));
  const app = fastify({ logger: false, forceCloseConnections: true, trustProxy: false });
  try {
    await build(app, { ...ports, hub, settings });
    await app.listen({ host: settings.host, port: settings.port });
  } catch (error) {
    await hub.close();
    throw error;
  }
  return {
    url: urlOf(settings.host, app),
    async close() {
      await app.close();
      await hub.close();
    },
  };
}

async function build(app: FastifyInstance, context: RouteContext): Promise<void> {
  const { settings, failed } = context;
  // Answers are written as they are: the schemas describe them and are held to them by tests.
  app.setSerializerCompiler(() => (value) => JSON.stringify(value));
  answerErrors(
    app,
    `The body is larger than ${settings.maxBodyBytes} bytes. Split the file, or raise INGEST_MAX_BYTES.`,
    failed,
  );
  // Before the hooks that refuse requests: a refused upgrade is only cleaned up when this one has seen it.
  await app.register(websocket, { options: { maxPayload: 1024 }, preClose: (done) => goodbye(app, done) });
  guard(app);
  await app.register(rateLimit, { max: settings.requestsPerMinute, timeWindow: '1 minute' });
  await app.register(swagger, {
    openapi: { openapi: '3.1.0', info: { title: 'linernotes', version: '1', description: 'Tracks, runs, the feed.' } },
  });
  await app.register(fastifyStatic, {
    root: fileURLToPath(new URL('dashboard/', import.meta.url)),
    cacheControl: false,
  });
  for (const route of ROUTES) route(app, context);
  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger());
}

function goodbye(app: FastifyInstance, done: () => void): void {
  for (const client of app.websocketServer.clients) client.close(CLOSE.goingAway, 'the server goes away');
  app.websocketServer.close(() => done());
}

function urlOf(host: string, app: FastifyInstance): string {
  const address = app.server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port ?? 0}`;
}
