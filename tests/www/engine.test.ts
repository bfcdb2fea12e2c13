// What the worker does, without a browser: what a query tells, tests with made-up values.
import { expect, test } from "vitest";
import { Held } from "../../www/src/engine/held.ts";
import { Job } from "../../www/src/engine/job.ts";
import { save } from "../../www/src/engine/save.ts";
import { synthetic } from "../../www/src/engine/synthetic.ts";
import { telling, tellingPolicy } from "../../www/src/engine/telling.ts";

function holding(...events: object[]): Held {
  const held = new Held();
  held.store.begin("x");
  held.store.push(events.map((event) => `${JSON.stringify(event)}\n`).join(""));
  held.store.end();
  while (held.store.progress.indexed < held.store.progress.rows) held.store.index();
  return held;
}

test("a query tells whatever stands in an event as a value, and none of the platforms' own words", async () => {
  const held = holding({
    log_level: "ERROR",
    source: "job",
    user_id: 77,
    stepState: "failure",
    deal: "Merger with Acme",
    note: "quarterly figures",
    who: { "ada@example.com": 1 },
  });
  const tells = (query: string) => telling(held, query, new Job<never>(() => undefined));
  expect(await tells('deal:"Merger with Acme" @level:error')).toEqual(["Merger with Acme"]);
  expect(await tells("user_id:77")).toEqual(["77"]);
  expect(await tells("user_id:[77 TO 77]")).toEqual(["77"]);
  expect(await tells('-"quarterly figures"')).toEqual(["quarterly figures"]);
  expect(await tells("deal:Merger*")).toEqual(["Merger*"]);
  expect(await tells("x:>5 OR NOT (y:{1 TO 9} z:/a.c/) timeout")).toEqual([]);
  expect(await tells("x:ada@example.com")).toEqual(["ada@example.com"]);
  expect(await tells("@operation:ada@example.com")).toEqual(["ada@example.com"]);
  expect(await tells("x:/ada@example\\.com/")).toEqual(["ada@example.com"]);
  expect((await tells("_exists_:who.ada@example\\.com")).join()).toContain("ada@example");
  expect(await tells("@status:failed @type:workato.job stepState:failure @level:error")).toEqual([]);
  await expect(tells("@status:(")).rejects.toThrow();
  held.free();
});

test("a policy tells what its names, values and comments do", () => {
  const held = holding({ log_level: "INFO", source: "job", user_id: 77 });
  expect(
    tellingPolicy(
      held,
      `{ // asked for by ada@example.com
      "logweir": 1, "redact": [{ "path": "users.grace@example\\\\.com", "with": "remove" }],
      "routes": [{ "name": "out", "when": "user:bob@example.com" }], }`,
    ).join(),
  ).toMatch(/ada@.*grace@.*bob@/);
  expect(
    tellingPolicy(held, '{"logweir":1,"redact":[{"use":"personal"}],"routes":[{"name":"out"}]}'),
  ).toEqual([]);
  held.free();
});

test("no value of an event is in a test made of it, whatever it looks like", () => {
  const event = {
    log_level: "ERROR",
    source: "job",
    date_time: "2026-05-04 10:11:12 Ada Lovelac",
    user_id: 8.7e30,
    n: [1e21, -3.25],
    members: { U02ABCDEF: { x: 2 }, user_123456: 3, log_level: "INFO" },
    born: "1815-12-10T10:11:12.987+01:00",
  };
  const text = synthetic(JSON.stringify(event)) ?? "";
  expect(text).not.toBe("");
  for (const value of ["Lovelac", "U02ABCDEF", "123456", "1815", "8.7", "3.25", "987", "null"])
    expect(text).not.toContain(value);
  expect(text).toContain('"log_level":"ERROR"');
});

test("no cell of a CSV file is a formula for a spreadsheet; numbers stay numbers", async () => {
  const messages = ["=1+1", "@x", "+1", "-1+2", "\n=2", "\t=3", "＝4", "-5", 'a,"b"', "a=b"];
  const held = holding(
    ...messages.map((message) => ({
      log_level: "INFO",
      source: "job",
      date_time: "2026-05-04T06:00:00.000Z",
      user_id: 7,
      data: JSON.stringify({ message }),
    })),
  );
  const job = new Job<never>(() => undefined);
  const { file, records } = await save(
    held,
    { form: "csv", policy: undefined, columns: ["@message"] },
    job as never,
  );
  expect(records).toBe(messages.length);
  expect((await file.text()).split("\r\n").slice(1, -1)).toEqual([
    "'=1+1",
    "'@x",
    "'+1",
    "'-1+2",
    '"\'\n=2"',
    "'\t=3",
    "'＝4",
    "-5",
    '"a,""b"""',
    "a=b",
  ]);
  held.free();
});
