/**
 * What runs in the page. Like the real player it hydrates late, asks its own JSON for the track and the album, draws the
 * page, and asks for the credits when their dialog is opened. Plain text for the browser: nothing here runs in Node.
 */
export const playerScript = String.raw`
const make = (tag, attributes, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
};
const ask = async (operationName, variables) => {
  const response = await fetch('/pathfinder/v2/query', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ operationName, variables, extensions: { persistedQuery: { version: 1, sha256Hash: 'sandbox' } } }),
  });
  return (await response.json()).data ?? null;
};
const idOf = (uri) => uri.split(':').pop();
const grouped = (count) => String(count).replace(/\B(?=(\d{3})+$)/g, settings.words.thousands);
const artistOf = (item) => ({ name: item.profile.name, id: idOf(item.uri) });

const readTrack = (union) => union && union.__typename === 'Track' && {
  title: union.name,
  artists: [...union.firstArtist.items, ...union.otherArtists.items].map(artistOf),
  album: { id: union.albumOfTrack.id, name: union.albumOfTrack.name, released: union.albumOfTrack.date.isoString.slice(0, 10) },
  playCount: union.playcount ?? null,
};
const readCredits = (union) => ({
  contributors: union.creditsTrait.contributors.items.map((item) => ({
    name: item.name, role: item.role, group: item.roleGroup.name, artistId: item.uri ? idOf(item.uri) : null,
  })),
  sources: union.creditsTrait.sources.items.map((item) => item.name),
});

const person = ({ name, artistId }) => artistId ? make('a', { href: '/artist/' + artistId }, name) : make('span', {}, name);
const byPerson = (list) => {
  const people = new Map();
  for (const one of list) {
    const key = one.name + '|' + one.artistId;
    people.set(key, { ...one, roles: [...(people.get(key)?.roles ?? []), one.role] });
  }
  return [...people.values()];
};
const groupsOf = (list) => list.length > 0 ? new Set(list.map((one) => one.group)) : flatGroups.map(([, group]) => group);
const groupedList = (list) => [...groupsOf(list)].map((group) => make('div', {},
  make('h2', {}, group),
  ...byPerson(list.filter((one) => one.group === group)).map((one) => make('div', {}, person(one), make('span', {}, one.roles.join(', ')))),
));
const flatGroups = [['Performed by', 'Artist'], ['Written by', 'Composition & Lyrics'], ['Produced by', 'Production & Engineering']];
const flatList = (list) => flatGroups.map(([label, group]) => make('div', {},
  make('p', {}, label), ...byPerson(list.filter((one) => one.group === group)).map(person),
));
const unknownList = (list) => list.map((one) => make('div', {},
  make('h2', {}, one.group), make('div', {}, make('p', {}, one.name), make('span', {}, one.role)),
));
const lists = { grouped: groupedList, flat: flatList, unknown: unknownList };
const showDialog = ({ contributors, sources }) => {
  const list = lists[settings.layout](contributors);
  const source = sources.length > 0 ? [make('p', {}, settings.words.source + ': ' + sources.join(', '))] : [];
  document.body.append(make('div', { role: 'dialog', 'aria-label': settings.words.credits }, make('h1', {}, settings.words.credits), ...list, ...source));
};
const openCredits = async () => {
  document.querySelector('#context-menu')?.remove();
  const data = await ask(settings.creditsOperation, { trackUri: 'spotify:track:' + settings.id, contributorsLimit: 100, contributorsOffset: 0 });
  showDialog(settings.inlined ?? readCredits(data.trackUnion));
};
const openMenu = () => {
  if (document.querySelector('#context-menu')) return;
  const item = make('button', { role: 'menuitem' }, make('span', {}, settings.words.menu));
  item.addEventListener('click', openCredits);
  document.body.append(make('div', { id: 'context-menu' }, make('ul', { role: 'menu' }, make('li', {}, item))));
};

const showTrack = (track) => {
  const more = make('button', { 'data-testid': 'more-button', 'aria-label': settings.words.more + ' ' + track.title }, '…');
  more.addEventListener('click', openMenu);
  const count = track.playCount === null ? [] : [make('span', { 'data-testid': 'playcount' }, grouped(track.playCount))];
  document.querySelector('#main').append(make('section', { 'data-testid': 'track-page' },
    make('span', { 'data-testid': 'entityTitle' }, make('h1', {}, track.title)),
    ...track.artists.map((artist) => make('a', { 'data-testid': 'creator-link', href: '/artist/' + artist.id }, artist.name)),
    make('a', { href: '/album/' + track.album.id }, track.album.name),
    make('span', { 'data-testid': 'release-date' }, track.album.released),
    ...count, more,
  ));
};
const hydrate = async () => {
  const data = await ask('getTrack', { uri: 'spotify:track:' + settings.id });
  const track = settings.inlined ?? readTrack(data?.trackUnion);
  if (!track) return document.querySelector('#main').append(make('h1', {}, settings.words.missing));
  if (settings.hangs) for (;;);
  showTrack(track);
  await ask('getAlbum', { uri: 'spotify:album:' + track.album.id, locale: '', offset: 0, limit: 50 });
};
for (const button of document.querySelectorAll('#onetrust-banner-sdk button')) {
  button.addEventListener('click', () => document.querySelector('#onetrust-banner-sdk').remove());
}
const kept = [];
const leak = () => {
  kept.push(new Uint8Array(10_000_000).fill(1));
  if (kept.length * 10 < settings.leakMb) setTimeout(leak, 10);
};
if (settings.leakMb > 0) leak();
setTimeout(hydrate, settings.hydrateMs);
`;
