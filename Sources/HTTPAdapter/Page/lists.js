// The contents of lists. No side effects.

/** The number of takes, from the newest, that are within the limits. The newest is always kept. */
export function kept(lengths, { count, samples }) {
  let sum = 0;
  const over = lengths.findIndex((length, index) => {
    sum += length;
    return index > 0 && (index >= count || sum > samples);
  });
  return over < 0 ? lengths.length : over;
}

/** The voices whose name or language has all words of a search, in any case. */
export function matching(voices, search) {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return voices.filter(({ display_name: name, language }) => {
    const text = `${name} ${language}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/**
 * The totals of each user over all days, the most requests first.
 * @param {{user_id: string, requests: number, errors: number, characters: number, audio_seconds: number}[]} rows
 */
export function totals(rows) {
  const users = new Map();
  for (const row of rows) {
    const sum = users.get(row.user_id) ?? { user_id: row.user_id, requests: 0, errors: 0, characters: 0, audio_seconds: 0 };
    for (const name of ["requests", "errors", "characters", "audio_seconds"]) sum[name] += row[name];
    users.set(row.user_id, sum);
  }
  return [...users.values()].sort((one, other) => other.requests - one.requests);
}
