import { main } from '#cli/main.ts';

// `linernotes ingest`, which says at its end how much memory it took at most.
process.exitCode = await main(['ingest', '--json', ...process.argv.slice(2)], process);
process.stderr.write(`${JSON.stringify({ maxRss: process.resourceUsage().maxRSS * 1024 })}\n`);
