// The shape of the board: a colour for each state, and which end states are folded to a narrow strip.

const MIDDLE = ["blue", "violet", "teal", "pink", "olive"];
const LEAST = 250; // pixels that an open column needs, with the gap after it
const STRIP = 56; // pixels of a folded one
const EDGES = 28; // pixels at both ends of the board, less one gap
const PHONE = 720;

/** Amber where things begin, green for the first end, grey for other ends; between them a colour each, in order. */
export function colourOf(columns, column) {
  if (column.initial) return "amber";
  if (column.final) return columns.find((other) => other.final) === column ? "green" : "grey";
  const between = columns.filter((other) => !other.initial && !other.final);
  return MIDDLE[between.indexOf(column) % MIDDLE.length];
}

/** The states that are folded at first: what the person chose on this board before, else as many ends as must be for the rest to fit. */
export function initialFolds(board, width) {
  return width <= PHONE ? new Set() : (readFolds(board) ?? foldable(board.columns, width));
}

function foldable(columns, width) {
  const folded = new Set();
  const needed = () => EDGES + (columns.length - folded.size) * LEAST + folded.size * STRIP;
  for (const column of columns.filter((other) => other.final).reverse()) if (needed() > width) folded.add(column.state);
  return folded;
}

function readFolds(board) {
  try {
    const kept = localStorage.getItem(keyOf(board));
    return kept ? new Set(JSON.parse(kept)) : null;
  } catch {
    return null; // storage is switched off: nothing is remembered
  }
}

export function writeFolds(board, folded) {
  try {
    localStorage.setItem(keyOf(board), JSON.stringify([...folded]));
  } catch {
    // as above
  }
}

function keyOf(board) {
  return `board-folds:${board.app}:${board.name}`;
}
