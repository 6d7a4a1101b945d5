// Where the person is on the board, kept in the address (`#column=…&card=…`), so that back, reload and a sent link come to the same place.

/** {column, card}, each null when the address does not name it. */
export function readPlace() {
  const words = new URLSearchParams(location.hash.slice(1));
  return { column: words.get("column"), card: words.get("card") };
}

/** Writes the words of the search into the address (`?search=…`), without a new entry in the browser's history. */
export function writeSearch(search) {
  const words = new URLSearchParams(location.search);
  search ? words.set("search", search) : words.delete("search");
  history.replaceState(history.state, "", location.pathname + (words.size === 0 ? "" : `?${words}`) + location.hash);
}

/** Changes what is given; makes no new entry in the browser's history. */
export function writePlace(change) {
  const words = new URLSearchParams(location.hash.slice(1));
  for (const [name, value] of Object.entries(change)) value === null ? words.delete(name) : words.set(name, value);
  const hash = words.size === 0 ? "" : `#${words}`;
  if (hash !== location.hash) history.replaceState(history.state, "", location.pathname + location.search + hash);
}
