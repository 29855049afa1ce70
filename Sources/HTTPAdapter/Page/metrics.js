// Parses /metrics and computes the numbers of the charts. No side effects.

/** @param {string} text Prometheus' text format @returns {Map<string, {labels: string, value: number}[]>} */
export function parse(text) {
  const families = new Map();
  for (const line of text.split("\n")) {
    const match = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})?\s+(\S+)/.exec(line);
    if (!match) continue;
    const [, name, labels = "", number] = match;
    const value = number === "+Inf" ? Infinity : Number(number);
    if (!families.has(name)) families.set(name, []);
    families.get(name).push({ labels, value });
  }
  return families;
}

/** The sum over all labels; 0 when the metric does not exist. */
export function total(families, name, filter = () => true) {
  return (families.get(name) ?? []).filter(({ labels }) => filter(labels)).reduce((sum, { value }) => sum + value, 0);
}

/** A histogram's cumulative buckets, summed over all other labels: upper bound to count, ascending. */
function buckets(families, name) {
  const counts = new Map();
  for (const { labels, value } of families.get(`${name}_bucket`) ?? []) {
    const match = /(?:^|,)le="([^"]*)"/.exec(labels);
    if (!match) continue;
    const bound = match[1] === "+Inf" ? Infinity : Number(match[1]);
    counts.set(bound, (counts.get(bound) ?? 0) + value);
  }
  return [...counts].sort(([one], [other]) => one - other);
}

/**
 * The quantile of the values observed between two readings, interpolated linearly inside a bucket.
 * @param {number} share 0…1
 * @returns {number | null} null without observations; at most the last finite bound
 */
export function quantile(before, after, name, share) {
  const earlier = new Map(before ? buckets(before, name) : []);
  const counts = buckets(after, name).map(([bound, count]) => [bound, count - (earlier.get(bound) ?? 0)]);
  const all = counts.at(-1)?.[1] ?? 0;
  if (all <= 0) return null;
  const rank = share * all;
  let [lowerBound, lowerCount] = [0, 0];
  for (const [bound, count] of counts) {
    if (count >= rank) {
      if (bound === Infinity) return lowerBound;
      return lowerBound + ((bound - lowerBound) * (rank - lowerCount)) / Math.max(1, count - lowerCount);
    }
    [lowerBound, lowerCount] = [bound, count];
  }
  return lowerBound;
}

/** The mean of the values observed between two readings; null when there are none. */
export function mean(before, after, name) {
  const between = (suffix) => total(after, name + suffix) - (before ? total(before, name + suffix) : 0);
  const count = between("_count");
  return count > 0 ? between("_sum") / count : null;
}
