// The heights of many rows, of which few are known: positions in logarithmic time (Fenwick tree).

export class Heights {
  constructor(count, estimate) {
    this.estimate = estimate;
    this.values = new Float64Array(count);
    this.build();
  }

  get count() {
    return this.values.length;
  }

  get total() {
    return this.offset(this.count);
  }

  build() {
    const n = this.values.length;
    this.tree = new Float64Array(n + 1);
    for (let i = 1; i <= n; i++) {
      this.tree[i] += this.of(i - 1);
      const parent = i + (i & -i);
      if (parent <= n) this.tree[parent] += this.tree[i];
    }
  }

  /** The height of a row, or the estimate if it is not known. */
  of(row) {
    return this.values[row] || this.estimate;
  }

  /** Sets the height of a row and returns by how much it differs from before. */
  set(row, height) {
    const change = height - this.of(row);
    this.values[row] = height;
    if (change !== 0) {
      for (let i = row + 1; i < this.tree.length; i += i & -i) this.tree[i] += change;
    }
    return change;
  }

  /** The distance from the top of the first row to the top of a row. */
  offset(row) {
    let sum = 0;
    for (let i = row; i > 0; i -= i & -i) sum += this.tree[i];
    return sum;
  }

  /** The row at a distance from the top. */
  at(distance) {
    let row = 0;
    let rest = distance;
    let step = 1 << Math.floor(Math.log2(Math.max(this.count, 1)));
    for (; step > 0; step >>= 1) {
      if (row + step <= this.count && this.tree[row + step] <= rest) {
        row += step;
        rest -= this.tree[row];
      }
    }
    return Math.min(row, Math.max(this.count - 1, 0));
  }

  /** Replaces rows by others, whose heights are not known. */
  splice(first, removed, inserted) {
    const values = new Float64Array(this.count - removed + inserted);
    values.set(this.values.subarray(0, first));
    values.set(this.values.subarray(first + removed), first + inserted);
    this.values = values;
    this.build();
  }

  /** Forgets all heights, for instance because the width has changed. */
  reset(count, estimate) {
    this.estimate = estimate;
    this.values = new Float64Array(count);
    this.build();
  }
}
