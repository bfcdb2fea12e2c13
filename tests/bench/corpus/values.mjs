// The small values events are made of: names, addresses, ids, times, prose. All synthetic: mail addresses and hosts end in
// `.example`, IP addresses come from the ranges reserved for documentation.
import { Raw } from "./render.mjs";

const FIRST =
  "Alice Amara Ben Carla Chidi Dana Elif Farid Grace Hugo Ines Jonas Kemal Lena Marco Nadia Omar Petra Ravi Sofia Tomas Uma Viktor Wanda Yusuf Zoe".split(
    " ",
  );
const LAST =
  "Abbott Baker Castillo Dahl Eriksen Fontaine Graham Haddad Iyer Jansen Kowalski Lindqvist Marino Novak Okafor Pereira Quinn Rossi Sandoval Tanaka Underwood Varga Weber Young".split(
    " ",
  );
// The share of these among all names is what `NON_ASCII` says; Latin-1 and beyond, since V8 stores the two differently.
const FOREIGN = [
  "Zoë Brontë",
  "José Núñez",
  "Jürgen Groß",
  "Søren Ångström",
  "François Lefèvre",
  "山田 太郎",
  "佐藤 花子",
  "Łukasz Żółć",
  "Наталья Иванова",
  "김민준",
  "Đặng Thị Hà",
  "محمد الفاسي",
  "Ana 🌵 Kovač",
];
const NON_ASCII = 0.08;

const COMPANIES = [
  "acme",
  "globex",
  "initech",
  "umbrella",
  "northwind",
  "contoso",
  "hooli",
  "vandelay",
  "stark",
  "wonka",
];
const WORDS =
  "account order customer invoice sync update record field contact lead ticket payment retry batch queue window status report ledger refund shipment address approval request response schedule mapping schema token partner region channel segment quota forecast pipeline region delta cursor page limit offset attempt policy branch release archive import export".split(
    " ",
  );
const VERBS = "Sync Update Create Notify Route Archive Enrich Merge Approve Import Export Reconcile".split(
  " ",
);
const APPS =
  "Salesforce NetSuite HubSpot Jira Slack Zendesk Workday Stripe Marketo Greenhouse Snowflake ServiceNow".split(
    " ",
  );
const AGENTS = [
  "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/125.0.0.0 Safari/537.36 Edg/125.0.0.0",
  "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0",
  "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
];
const FOREIGN_PROSE = [
  "顧客の連絡先を更新しました。",
  "Überprüfung der Rechnung läuft.",
  "La synchronisation a échoué à l’étape 3.",
  "Запись обновлена.",
];

const BASE36 = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghjkmnpqrstuvwxyz";
const pad = (n, width = 2) => String(n).padStart(width, "0");

/** @param {ReturnType<import("./random.mjs").random>} r */
export function values(r) {
  // Records arrive roughly in order of time: a clock that only the seed moves.
  let clock = Date.UTC(2026, 0, 1);

  const hex = (n) => {
    let out = "";
    while (out.length < n) out += pad(r.next().toString(16), 8);
    return out.slice(0, n);
  };
  const token = (n) => {
    let out = "";
    for (let i = 0; i < n; i++) out += BASE36[r.next() % BASE36.length];
    return out;
  };
  const uuid = () => {
    const h = hex(32);
    return `${h.slice(0, 8)}-${h.slice(8, 12)}-4${h.slice(13, 16)}-a${h.slice(17, 20)}-${h.slice(20)}`;
  };

  const name = () => (r.chance(NON_ASCII) ? r.pick(FOREIGN) : `${r.pick(FIRST)} ${r.pick(LAST)}`);
  const mail = () =>
    `${r.pick(FIRST).toLowerCase()}.${r.pick(LAST).toLowerCase()}${r.chance(0.3) ? r.int(1, 99) : ""}@${r.pick(COMPANIES)}.example`;
  const company = () =>
    `${r.pick(COMPANIES).toUpperCase()} ${r.pick(["Operations", "HR", "Finance", "EMEA", "Sandbox"])}`;
  const ip = () =>
    r.chance(0.1)
      ? `2001:db8::${hex(4)}:${hex(4)}`
      : `${r.pick(["192.0.2", "198.51.100", "203.0.113"])}.${r.int(1, 254)}`;
  const phone = () => `+1-555-01${pad(r.int(0, 99))}`;
  const agent = () => r.pick(AGENTS);

  const words = (n) => {
    let out = r.pick(WORDS);
    for (let i = 1; i < n; i++) out += ` ${r.pick(WORDS)}`;
    return out;
  };
  /** Prose of about `n` characters, with line breaks and quotation marks as people and models write them. */
  const prose = (n) => {
    let out = "";
    while (out.length < n) {
      const s = r.chance(NON_ASCII / 2)
        ? r.pick(FOREIGN_PROSE)
        : `${r.pick(VERBS)} the ${words(r.int(4, 12))}.`;
      out += (out ? (r.chance(0.1) ? "\n" : " ") : "") + (r.chance(0.06) ? `"${s}"` : s);
    }
    return out;
  };
  const recipe = () => {
    if (r.chance(0.03)) return `[CICD] | FUN-${pad(r.int(1, 999), 3)} | ${words(3)}`; // looks like JSON and is none
    if (r.chance(NON_ASCII))
      return r.pick(["顧客連絡先の更新", "Überweisungen abgleichen", "Créer une facture"]);
    return `${r.pick(VERBS)} ${r.pick(APPS)} ${words(2)} to ${r.pick(APPS)}`;
  };

  /** Moves the clock and returns milliseconds since 1970. */
  const now = () => (clock += r.int(3, 4000));
  const iso = (ms = now()) => new Date(ms).toISOString();
  const micros = (ms = now()) => `${iso(ms).slice(0, 23)}${pad(r.int(0, 999), 3)}Z`;
  const offset = (ms = now()) => `${iso(ms).slice(0, 19)}-07:00`;
  const spaced = (ms = now()) => `${iso(ms).slice(0, 10)} ${iso(ms).slice(11, 19)} UTC`;

  const id = () => r.int(1000, 9_999_999);
  /** Nanoseconds since 1970: over 2^53, told digit by digit. */
  const nanos = (ms) => new Raw(`${ms}${pad(r.int(0, 999_999), 6)}`);
  /** Floats as other languages print them. */
  const float = () =>
    new Raw(
      r.weighted([
        [4, `0.${pad(r.int(0, 99_999_999), 8)}${r.int(10_000_000, 99_999_999)}`],
        [2, `${r.int(1, 9)}.${r.int(100_000, 999_999)}e-0${r.int(4, 7)}`],
        [2, `${r.int(1, 90_000)}.0`],
        [2, `${r.int(0, 900)}.${r.int(1, 99)}`],
      ]),
    );
  const jobId = () => `j-${token(8)}-${token(6)}`;
  const app = () => r.pick(APPS);

  return {
    hex,
    token,
    uuid,
    name,
    mail,
    company,
    ip,
    phone,
    agent,
    words,
    prose,
    recipe,
    now,
    iso,
    micros,
    offset,
    spaced,
    id,
    nanos,
    float,
    jobId,
    app,
  };
}
