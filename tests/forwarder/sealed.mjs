// What lanes of replays share: keys, what opens a seal without the package, and two forwarders one after the other.
import { createDecipheriv, createHash, createPrivateKey, createPublicKey, diffieHellman } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createKeys } from "logweir/worker";
import { allowed, equal, receiver, SECRETS, start, toEndpoint, VALUE } from "./world.mjs";

export const own = await createKeys();
export const KEYS = {
  ORIGINALS_KEY: JSON.stringify(own.public),
  ORIGINALS_PRIVATE_KEY: JSON.stringify(own.private),
};

/** Opens what was sealed with nothing of the package: Node's own curve, hash and cipher. */
export function unseal(sealed, key = own.private) {
  const [head, , iv, text, tag] = sealed.split(".").map((part) => Buffer.from(part, "base64url"));
  const { epk, kid } = JSON.parse(head);
  equal(kid, key.kid, "the key's name");
  const secret = diffieHellman({
    privateKey: createPrivateKey({ key, format: "jwk" }),
    publicKey: createPublicKey({ key: epk, format: "jwk" }),
  });
  const word = (number) => Buffer.from(Uint32Array.of(number).buffer).swap32();
  const name = Buffer.from("A256GCM");
  const given = Buffer.concat([word(1), secret, word(name.length), name, word(0), word(0), word(256)]);
  const cipher = createDecipheriv("aes-256-gcm", createHash("sha256").update(given).digest(), iv);
  cipher.setAAD(Buffer.from(sealed.split(".")[0])).setAuthTag(tag);
  return Buffer.concat([cipher.update(text), cipher.final()]).toString();
}

/** Withholds all that the catalogue does not know; what the later policy lets out. */
export const withholding = (base) => ({
  ...toEndpoint(base),
  accept: { events: ["workato.*"], unknown: "quarantine" },
  quarantine: { originals: true },
  allow: [...allowed("ops"), { route: "quarantine", because: "sealed" }],
});

/** A lane with two forwarders, one after the other, that share bucket and ledgers; the second one has another policy, a day later. */
export const twoDays =
  (first, second, { before = withholding, after = toEndpoint, ...given } = {}) =>
  async () => {
    const disk = mkdtempSync(join(tmpdir(), "logweir-replay-"));
    const to = await receiver(given.receiver);
    let told;
    try {
      for (const [policy, lane, day] of [
        [before, first, 0],
        [after, second, 1],
      ]) {
        const secrets = { ...KEYS, ...given.secrets };
        const world = await start(policy(to.base), { ...given, secrets, disk });
        try {
          await world.set({ clock: (await world.set()).clock + day * 86_400_000 });
          told = await lane(world, to);
          for (const secret of [...Object.values(SECRETS), own.private.d, VALUE]) {
            if (world.printed().includes(secret)) throw new Error("a secret or a value stands in the log");
          }
          for (const key of await world.stored()) {
            if ((await world.object(key)).includes(VALUE)) throw new Error(`a value stands in ${key}`);
          }
        } finally {
          await world.stop();
        }
      }
      equal(to.bodies.join().includes(VALUE), false, "what left is redacted");
      return told;
    } finally {
      to.close();
      rmSync(disk, { recursive: true, force: true });
    }
  };

export const all = (count, from = 0) => Array.from({ length: count }, (_, n) => from + n);

/** The records that lie sealed. */
export async function sealed(world) {
  const keys = (await world.stored("quarantine/")).filter((key) => key.endsWith(".jwe"));
  const letters = await Promise.all(keys.map(async (key) => unseal(await world.object(key))));
  const lines = letters.flatMap((text) => text.trim().split("\n"));
  return lines.map((line) => JSON.parse(line).original);
}
