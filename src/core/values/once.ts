/** What is asked for may be written anew by anybody, all day. */
const KNOWN_MAX = 1000;

/** The same, worked out once for each of what it is asked for: for what is dear and asked for again and again. It lives as long as its holder. */
export function once<Of, Answer>(work: (of: Of) => Answer): (of: Of) => Answer {
  const known = new Map<Of, { readonly answer: Answer }>();
  return (of) => {
    const before = known.get(of);
    if (before !== undefined) return before.answer;
    if (known.size >= KNOWN_MAX) known.clear();
    const answer = work(of);
    known.set(of, { answer });
    return answer;
  };
}
