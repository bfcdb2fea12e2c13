// Lanes of long and slow bodies: memory stays flat, and one that is slow delays no other. LOGWEIR_SLOW=1: at full length.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { createGzip } from "node:zlib";
import { Skip } from "../common/lanes.mjs";
import { withWorld } from "./taking.mjs";
import { equal, events, numbers, toEndpoint } from "./world.mjs";

const MB = 1_000_000;
const LONG = process.env.LOGWEIR_SLOW === "1" ? 200 : 40;

/** How much memory more than now the simulator comes to have while something goes on, in MB. */
async function growth(work) {
  if (!existsSync("/proc/self/status")) throw new Skip("memory is read from /proc");
  const pids = readdirSync("/proc").filter((pid) => /^\d+$/.test(pid) && isOurs(pid));
  const resident = () =>
    Math.max(...pids.map((pid) => Number(/VmRSS:\s+(\d+)/.exec(read(pid, "status"))?.[1] ?? 0) / 1000));
  const begin = resident();
  let most = begin;
  let isOver = false;
  const watch = (async () => {
    for (; !isOver; await pause(20)) most = Math.max(most, resident());
  })();
  try {
    await work();
  } finally {
    isOver = true;
    await watch;
  }
  return Math.round(most - begin);
}

function read(pid, name) {
  try {
    return readFileSync(join("/proc", pid, name), "utf8");
  } catch {
    return "";
  }
}

const isOurs = (pid) => {
  const [, name, parent] = /^\d+ \((.*)\) \S (\d+)/s.exec(read(pid, "stat")) ?? [];
  return name === "workerd" && Number(parent) === process.pid;
};

/** Bucket and ledgers on disk, so that memory is the Worker's; and limits that are large enough. */
function large() {
  const disk = mkdtempSync(join(tmpdir(), "logweir-long-"));
  process.once("exit", () => rmSync(disk, { recursive: true, force: true }));
  return { disk, options: { limits: { bodyBytes: 300 * MB, unpackedBytes: 300 * MB } } };
}

/** Gzip of some text and then `megabytes` of the same letter. */
function bomb(megabytes, begin = "") {
  const gzip = createGzip({ level: 9 });
  (async () => {
    gzip.write(begin);
    const chunk = Buffer.alloc(MB, "x");
    for (let at = 0; at < megabytes; at++)
      if (!gzip.write(chunk)) await new Promise((go) => gzip.once("drain", go));
    gzip.end();
  })();
  return ReadableStream.from(gzip);
}
const packed = { headers: { "content-encoding": "gzip" } };

export const streaming = [
  [
    `a body of ${LONG} MB in flat memory`,
    withWorld(
      async (world, to) => {
        async function* body(megabytes, from = 0) {
          for (let at = 0; at < megabytes; at++)
            yield Buffer.from(events(1_000, from + at * 1_000, "x".repeat(960)));
        }
        equal((await world.post(ReadableStream.from(body(10)))).status, 200, "what comes first");
        await world.drain("ops", 60_000);
        to.bodies.length = 0;
        const grown = await growth(async () => {
          equal((await world.post(ReadableStream.from(body(LONG, 10_000)))).status, 200, "taken");
        });
        equal(grown < 200, true, `${grown} MB more at most`);
        await world.drain("ops", 120_000);
        equal(new Set(numbers(to.bodies)).size, LONG * 1_000, "all arrive");
        equal(await world.stored("bodies/"), [], "no body is left in the store");
        return `at most ${grown} MB more than before`;
      },
      undefined,
      large(),
    ),
  ],
  [
    "bombs: many lines, and one record that has no end",
    withWorld(
      async (world, to) => {
        const grown = await growth(async () => {
          const endless = await world.post(bomb(250, '{"a":"'), packed);
          equal([endless.status, (await endless.json()).records], [200, 1], "a record of 250 MB is withheld");
          const long = await world.post(bomb(400), packed);
          equal([long.status, (await long.json()).code], [413, "W924"], "400 MB are too much");
        });
        equal(grown < 200, true, `${grown} MB more at most`);
        equal([to.bodies, (await world.standing("ops")).taken], [[], 0], "nothing left");
        equal((await world.metrics())['logweir_records_total{outcome="quarantined"}'], 1, "the report");
        return `at most ${grown} MB more than before`;
      },
      undefined,
      large(),
    ),
  ],
  [
    "a slow sender delays no other",
    withWorld(async (world, to) => {
      let isDone = false;
      async function* slowly() {
        for (let at = 0; at < 20; at++) {
          yield Buffer.from(events(1, at).slice(0, 20));
          await pause(100);
          yield Buffer.from(events(1, at).slice(20));
        }
        isDone = true;
      }
      const slow = world.post(ReadableStream.from(slowly()));
      for (let at = 100; at < 110; at++) equal((await world.post(events(1, at))).status, 200, "another");
      equal(isDone, false, "the slow one is not through");
      equal((await slow).status, 200, "the slow one");
      await world.drain("ops");
      equal(new Set(numbers(to.bodies)).size, 30, "all arrive");
      return "cut in the middle of records";
    }),
  ],
  [
    "a client's certificate",
    withWorld(
      async (world) => {
        equal(
          (await world.post(events(1), { source: "known", headers: {} })).status,
          200,
          "one that is known",
        );
        equal((await world.post(events(1), { source: "other", headers: {} })).status, 401, "another");
        return "by the platform's word";
      },
      toEndpoint,
      {
        cf: {
          tlsClientAuth: {
            certPresented: "1",
            certVerified: "SUCCESS",
            certFingerprintSHA256: "AB:CD:EF:01",
          },
        },
        options: {
          sources: {
            known: { auth: [{ certificates: ["00", "abcdef01"] }] },
            other: { auth: [{ certificates: ["abcdef02"] }] },
          },
        },
      },
    ),
  ],
];
