/**
 * The little of the DOM that the functions for the page use. The types of the whole would make `document` and its like known
 * everywhere in a program that has none.
 */
export type PageElement = {
  readonly textContent: string | null;
  readonly children: Iterable<PageElement>;
  readonly parentElement: PageElement | null;
  readonly firstElementChild: PageElement | null;
  readonly dataset: Record<string, string | undefined>;
  querySelector(selector: string): PageElement | null;
  querySelectorAll(selector: string): Iterable<PageElement>;
  getAttribute(name: string): string | null;
  matches(selector: string): boolean;
  contains(element: PageElement): boolean;
  click(): void;
  remove(): void;
};

export type PageDocument = Pick<PageElement, 'querySelector' | 'querySelectorAll'>;

export type PageObserver = new (
  onChange: () => void,
) => { observe(target: PageDocument, options: { readonly childList: boolean; readonly subtree: boolean }): void };
