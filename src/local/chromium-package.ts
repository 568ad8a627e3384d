import { chmod, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fillOnce } from './download.ts';
import { bareEnvironment } from './environment.ts';
import { localFailure } from './failure.ts';
import { run } from './run.ts';

/** The package unpacks into the temporary folder of its process, so it gets a process and a temporary folder of its own. */
const unpack = `
const { default: chromium, inflate } = await import(process.argv[1]);
await chromium.executablePath();
await inflate(process.argv[2]);
`;

/** The package's own file names the temporary folder of a Lambda. */
const fontsConf = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir prefix="relative">fonts</dir><cachedir prefix="xdg">fontconfig</cachedir></fontconfig>
`;

/** Lends the browser the libraries and fonts of the package where the machine has none; `exec` keeps the process id. */
const launcher = (lendLibraries: boolean): string =>
  [
    '#!/bin/sh',
    'here=$(cd "$(dirname "$0")" && pwd)',
    '[ -e /etc/fonts/fonts.conf ] || export FONTCONFIG_PATH="$here/fonts"',
    ...(lendLibraries ? ['export LD_LIBRARY_PATH="$here/al2023/lib:$LD_LIBRARY_PATH"'] : []),
    'exec "$here/chromium" "$@"',
    '',
  ].join('\n');

const fill = async (part: string): Promise<void> => {
  const entry = createRequire(import.meta.url).resolve('@sparticuz/chromium');
  const libraries = join(entry, '..', '..', 'bin', 'al2023.tar.br');
  const args = ['--input-type=module', '-e', unpack, pathToFileURL(entry).href, libraries];
  const unpacked = await run(process.execPath, args, { env: { ...bareEnvironment(process.env), TMPDIR: part } });
  if (!unpacked.ok) throw localFailure(`Chromium could not be unpacked:\n${unpacked.output.slice(-2000)}`);
  const linked = await run('ldd', [join(part, 'chromium')]);
  await writeFile(join(part, 'fonts', 'fonts.conf'), fontsConf);
  await writeFile(join(part, 'launch'), launcher(linked.output.includes('not found')));
  await chmod(join(part, 'launch'), 0o755);
};

/** Whether the package has a browser for this platform. */
export const hasPackagedChromium = process.platform === 'linux' && process.arch === 'x64';

/** Unpacks the Chromium of npm package `@sparticuz/chromium` once (210 MB, 2 s). Returns the program that launches it. */
export const packagedChromium = async (downloads: string): Promise<string> => {
  const folder = join(downloads, 'chromium-153.0.0');
  await fillOnce(folder, fill);
  return join(folder, 'launch');
};
