/** Everything on the page is made here, and text is only ever text: nothing a playlist says can become markup. */

/**
 * Makes an element.
 * @param {string} name
 * @param {Record<string, string>} attributes
 * @param {...(Node | string)} children
 */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) element.setAttribute(attribute, value);
  element.append(...children);
  return element;
}

/** Sets the text of an element if it differs, so that an unchanged page costs nothing. */
export function say(element, text) {
  const shown = String(text);
  if (element.textContent !== shown) element.textContent = shown;
}

/** Finds the element with this id. */
export const by = (id) => document.getElementById(id);

/** Puts the elements into the parent in this order and removes all others; those that stand right are left alone. */
export function arrange(parent, elements) {
  let place = parent.firstElementChild;
  for (const element of elements) {
    if (element === place) place = place.nextElementSibling;
    else parent.insertBefore(element, place);
  }
  while (place !== null) {
    const next = place.nextElementSibling;
    place.remove();
    place = next;
  }
}

const numbers = new Intl.NumberFormat('en');
export const count = (value) => numbers.format(value);

/** One rendering for however many changes came in between, at most four times a second. */
export function coalesced(render, everyMs = 250) {
  let waiting = false;
  let last = 0;
  const run = () => {
    waiting = false;
    last = performance.now();
    render();
  };
  return () => {
    if (waiting) return;
    waiting = true;
    setTimeout(() => requestAnimationFrame(run), Math.max(0, last + everyMs - performance.now()));
  };
}
