import { memoryPlaces } from '#adapters/memory/places.ts';
import type { Places } from '#providers/web-player/places.ts';
import { placesContract } from './places.ts';

placesContract('Places in memory', async () => {
  const accounts = new Map<string, Places>();
  return {
    connect: (account, tabs) => {
      const places = accounts.get(account) ?? memoryPlaces(tabs);
      accounts.set(account, places);
      return places;
    },
    close: async () => undefined,
  };
});
