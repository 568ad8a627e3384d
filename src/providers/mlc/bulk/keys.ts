import { nameKey } from '#track/names.ts';

/** Letters and digits alone, without accents, in every script: the key under which titles and names of a feed are found. */
export const plainKey = (text: string): string =>
  nameKey(text)
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, '') || nameKey(text);

/** The words of a name, each as a key. */
export const wordKeys = (name: string): readonly string[] =>
  name
    .split(/[\s.,/-]+/u)
    .map(plainKey)
    .filter((word) => word !== '');
