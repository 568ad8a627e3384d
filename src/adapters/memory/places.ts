import { askers } from '#providers/web-player/askers.ts';
import type { Place, Places } from '#providers/web-player/places.ts';

/** Places of a process that shares them with no other. */
export function memoryPlaces(tabs: number): Places {
  const waiting = askers();
  let free = tabs;
  const settle: (() => void)[] = [];

  const place = (): Place => {
    let isInside = true;
    return {
      until: () => Number.POSITIVE_INFINITY,
      leave: () => {
        if (!isInside) return;
        isInside = false;
        free += 1;
        admit();
        if (free === tabs) for (const settled of settle.splice(0)) settled();
      },
    };
  };

  const admit = (): void => {
    while (free > 0 && waiting.give(place())) free -= 1;
  };

  return {
    take: (scope) => {
      const standing = waiting.stand(scope);
      admit();
      return standing;
    },
    settled: () =>
      new Promise((resolve) => {
        if (free === tabs) resolve();
        else settle.push(resolve);
      }),
  };
}
