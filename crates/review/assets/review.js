// The review of one document: the rows that are loaded, decisions, and what other windows changed.
import { get, post, Failure } from "./api.js";

const PAGE = 200;
// Rows that are retained. Beyond that, those far from the last request are dropped.
const MAX_ROWS = 20_000;

export class Review extends EventTarget {
  /** Loads the summary of a document, its ribbon and nothing else. */
  static async open(id) {
    const review = new Review(id);
    await review.reload();
    return review;
  }

  constructor(id) {
    super();
    this.id = id;
    this.path = `d/${encodeURIComponent(id)}`;
    this.loading = new Map();
  }

  get total() {
    return this.rows.length;
  }

  /** The bead of a row, or undefined while it is not loaded. */
  bead(row) {
    return this.rows[row];
  }

  /** Fetches the session again and forgets all rows. */
  async reload() {
    const [session, ribbon] = await Promise.all([
      get(`${this.path}/session`),
      get(`${this.path}/ribbon`),
    ]);
    if (session.revision !== ribbon.revision) return this.reload();
    this.session = session;
    this.revision = session.revision;
    this.rows = new Array(session.rows);
    this.loaded = 0;
    this.loading.clear();
    this.probability = bytes(ribbon.probability);
    this.decided = bytes(ribbon.decided);
    this.findings = ribbon.findings ?? [];
    this.setMoves(session.moves);
    this.dispatchEvent(new Event("reload"));
  }

  /** Fetches the session again if another window has changed it. Returns whether it had. */
  async follow() {
    const session = await get(`${this.path}/session`);
    if (session.revision === this.revision) return false;
    await this.reload();
    return true;
  }

  /** Loads the rows of a range that are missing, in pages. */
  async need(from, to) {
    const pages = [];
    const last = Math.min(to, this.total) - 1;
    for (let page = Math.floor(from / PAGE); page <= Math.floor(last / PAGE); page++) {
      const end = Math.min((page + 1) * PAGE, this.total);
      for (let row = page * PAGE; row < end; row++) {
        if (!this.rows[row]) {
          pages.push(this.load(page));
          break;
        }
      }
    }
    await Promise.all(pages);
  }

  load(page) {
    if (!this.loading.has(page)) {
      const job = this.fetchPage(page).finally(() => this.loading.delete(page));
      this.loading.set(page, job);
    }
    return this.loading.get(page);
  }

  async fetchPage(page) {
    const found = await get(`${this.path}/beads`, { from: page * PAGE, count: PAGE });
    if (found.revision > this.revision) return void (await this.reload());
    // Rows of an earlier revision may have other places by now.
    if (found.revision < this.revision) return this.fetchPage(page);
    found.beads.forEach((bead, index) => {
      const row = found.from + index;
      if (this.rows[row]) return;
      this.rows[row] = bead;
      this.loaded++;
    });
    if (this.loaded > MAX_ROWS) this.forget(found.from);
    this.dispatchEvent(new Event("load"));
  }

  forget(near) {
    const [low, high] = [near - MAX_ROWS / 4, near + MAX_ROWS / 4];
    for (let row = 0; row < this.rows.length; row++) {
      if (row === low) row = Math.min(high, this.rows.length - 1);
      if (!this.rows[row]) continue;
      this.rows[row] = undefined;
      this.loaded--;
    }
  }

  decide(decision) {
    return this.send("decisions", { decision });
  }

  undo() {
    return this.send("undo", {});
  }

  redo() {
    return this.send("redo", {});
  }

  /** Sends a change with the revision it is based on, and applies the answer to the rows. */
  async send(what, body) {
    let answer;
    try {
      answer = await post(`${this.path}/${what}`, { revision: this.revision, ...body });
    } catch (error) {
      if (error instanceof Failure && error.status === 409) await this.reload();
      throw error;
    }
    this.apply(answer);
    return answer;
  }

  apply(answer) {
    const { first_row: first, removed, inserted } = answer;
    this.revision = answer.revision;
    this.session.summary = answer.summary;
    this.session.can_undo = answer.can_undo;
    this.session.can_redo = answer.can_redo;
    this.loaded -= this.rows.slice(first, first + removed).filter(Boolean).length;
    this.loaded += inserted.length;
    this.rows = spliced(this.rows, first, removed, inserted);
    const probabilities = inserted.map((bead) => Math.round((bead.probability ?? 1) * 255));
    this.probability = splicedBytes(this.probability, first, removed, probabilities);
    this.decided = splicedBytes(this.decided, first, removed, inserted.map(decidedCode));
    if (answer.renumbered) this.renumber(answer.renumbered, first, first + inserted.length);
    this.findings = answer.findings ?? this.findings;
    this.setMoves(answer.moves);
    this.dispatchEvent(new CustomEvent("change", { detail: answer }));
  }

  setMoves(moves = []) {
    this.moves = moves;
    this.byRow = undefined;
  }

  // A cut or a join changes the index of all segments behind it.
  // The rows of the answer have the new indices already.
  renumber({ side, from, by }, first, end) {
    const move = (index) => (index >= from ? index + by : index);
    this.session.sizes[side] += by;
    this.rows.forEach((bead, row) => {
      if (!bead || (row >= first && row < end) || bead[side][1] < from) return;
      this.rows[row] = renumbered(bead, side, move);
    });
  }

  /** Where moved text comes from and goes to, as far as it concerns a row. */
  movesOf(row) {
    this.byRow ??= movesByRow(this.moves);
    return this.byRow.get(row);
  }

  /** The address of a row, as a fragment. */
  address(row) {
    const place = `row-${row + 1}`;
    return this.isOnly ? `#${place}` : `#d/${encodeURIComponent(this.id)}/${place}`;
  }

  /** The row after another that needs a look, or undefined. */
  async next(after, order) {
    const { row } = await get(`${this.path}/next`, { after, order });
    return row ?? undefined;
  }
}

// `moves` are pairs of the row of moved text and the row where its target would be in order.
function movesByRow(moves) {
  const found = new Map();
  const of = (row) => {
    if (!found.has(row)) found.set(row, { moved_to: undefined, moved_here: [], key: "" });
    return found.get(row);
  };
  for (const [row, place] of moves) {
    of(row).moved_to = place;
    of(place).moved_here.push(row);
  }
  for (const entry of found.values()) entry.key = `${entry.moved_to} ${entry.moved_here}`;
  return found;
}

function bytes(base64) {
  return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
}

function decidedCode(bead) {
  const who = { aligner: 0, confirmed: 1, changed: 2 }[bead.decided] ?? 0;
  const isNull = bead.src[0] === bead.src[1] || bead.tgt[0] === bead.tgt[1];
  return who + (isNull ? 4 : 0) + (bead.moved ? 8 : 0);
}

function renumbered(bead, side, move) {
  const name = `${side}_segments`;
  const doubts = bead.doubts?.map((doubt) => {
    if (doubt.side !== side || !doubt.ranges) return doubt;
    return { ...doubt, ranges: doubt.ranges.map(([index, start, end]) => [move(index), start, end]) };
  });
  const segments = bead[name].map((segment) => ({ ...segment, index: move(segment.index) }));
  return { ...bead, doubts, [name]: segments, [side]: bead[side].map(move) };
}

function spliced(rows, first, removed, inserted) {
  return rows.slice(0, first).concat(inserted, rows.slice(first + removed));
}

function splicedBytes(old, first, removed, inserted) {
  const made = new Uint8Array(old.length - removed + inserted.length);
  made.set(old.subarray(0, first));
  made.set(inserted, first);
  made.set(old.subarray(first + removed), first + inserted.length);
  return made;
}
