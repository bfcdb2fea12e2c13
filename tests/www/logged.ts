// Events to be looked at.

/** An event of a Workato log; every third is an error. */
export const logged = (n: number, more: object = {}) => ({
  log_level: n % 3 === 0 ? "ERROR" : "INFO",
  source: "job",
  date_time: new Date(Date.UTC(2026, 4, 4, 6, 0, n)).toISOString(),
  user_id: 77,
  data: JSON.stringify({ message: `message ${n}` }),
  ...more,
});

/** So many of them, a line each. */
export const lines = (count: number): string =>
  Array.from({ length: count }, (_, n) => `${JSON.stringify(logged(n))}\n`).join("");

/** So many smaller ones, told apart by their number `n`, a line each. */
export const numbered = (count: number): string =>
  Array.from({ length: count }, (_, n) => `{"log_level":"INFO","source":"job","user_id":77,"n":${n}}\n`).join(
    "",
  );
