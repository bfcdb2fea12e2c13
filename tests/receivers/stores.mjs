// Lanes with stores that check signatures: objects are put there as a sender would, and read back.
import { spawn } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { interpret, prepare } from "logweir";
import { Skip } from "../common/lanes.mjs";
import { redshift } from "./contracts.mjs";
import { here, program, python, target } from "./parts.mjs";
import { equal } from "./stubs.mjs";

/** aws4fetch, which signs what `prepare()` gives. */
async function signer() {
  try {
    return (await import("aws4fetch")).AwsClient;
  } catch {
    throw new Skip("aws4fetch is not installed (npm install)");
  }
}

/** Puts what two destinations make into a store; every object once, and none with a wrong key. */
async function put({ events, bodies }, { port, id, secret, namesFiles = false }) {
  const AwsClient = await signer();
  const keys = { accessKeyId: id, secretAccessKey: secret, retries: 0 };
  const url = `http://127.0.0.1:${port}`;
  const send = async (batch, credentials = keys) => {
    const { url, ...init } = await prepare(batch);
    const aws = new AwsClient({ ...credentials, ...batch.request.sign });
    const response = await aws.fetch(url, init);
    const { status, headers } = response;
    return interpret(batch.to, { status, headers, body: await response.text() }, { records: batch.records });
  };
  const read = async ({ request }) => {
    const response = await new AwsClient({ ...keys, ...request.sign }).fetch(request.url);
    equal(response.status, 200, "it is there");
    return new Uint8Array(await response.arrayBuffer());
  };
  let objects = 0;
  for (const [name, options] of [
    ["s3", { key: "a b+c=d/é/{{@type | default:none}}/{{@level}} {{@operation}}.ndjson" }],
    ["s3", { gzip: true }],
    ["s3", { layout: "workato" }],
    ["redshift", {}],
  ]) {
    // A store that names files by keys has no room for the longest.
    if (namesFiles && options.layout) continue;
    const batches = bodies(name, { bucket: "logs", url, ...options });
    let records = 0;
    for (const batch of batches) {
      const stranger = { ...keys, secretAccessKey: `${secret}x` };
      if (objects === 0) equal((await send(batch, stranger)).outcome, "stop", "a wrong signature");
      const { outcome, reason } = await send(batch);
      equal(`${outcome}, ${reason}`, "delivered, taken", batch.request.url);
      const body = await read(batch);
      const text = Buffer.from(options.gzip ? gunzipSync(body) : body);
      equal(text.equals(Buffer.from(batch.body)), true, "the same bytes");
      if (name === "redshift") equal(redshift(text.toString()), batch.records, "rows");
      equal((await send(batch)).reason, "there already", "a repeat");
      records += batch.records;
      objects++;
    }
    equal(records, events.length, `${name}: records`);
  }
  return `${objects} objects put, read back, and put again to no effect`;
}

async function moto(input) {
  const child = spawn(python(), [join(here, "signed_s3.py")], { stdio: ["pipe", "pipe", "ignore"] });
  try {
    const line = await new Promise((done, failed) => {
      let text = "";
      child.stdout.on("data", (chunk) => {
        text += chunk;
        if (text.includes("\n")) done(text);
      });
      child.on("exit", () => failed(new Error("moto ended")));
    });
    return await put(input, JSON.parse(line));
  } finally {
    child.stdin.end();
    child.kill();
  }
}

async function s3s(input) {
  const command = program("s3s-fs", "cargo install s3s-fs --version 0.14.1 --features binary");
  const folder = join(target, "s3s");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, "logs"), { recursive: true });
  const probe = createServer();
  await new Promise((ready) => probe.listen(0, "127.0.0.1", ready));
  const { port } = probe.address();
  await new Promise((done) => probe.close(done));
  const [id, secret] = ["AKLOGWEIR", "s3cret"];
  const args = [
    "--host",
    "127.0.0.1",
    "--port",
    String(port),
    "--access-key",
    id,
    "--secret-key",
    secret,
    folder,
  ];
  const child = spawn(command, args, { stdio: "ignore" });
  try {
    for (let tries = 0; tries < 50; tries++) {
      const up = await fetch(`http://127.0.0.1:${port}`).catch(() => undefined);
      if (up) break;
      await new Promise((done) => setTimeout(done, 100));
    }
    return await put(input, { port, id, secret, namesFiles: true });
  } finally {
    child.kill();
  }
}

export const stores = [
  ["s3, redshift (moto)", moto],
  ["s3, redshift (s3s-fs)", s3s],
];
