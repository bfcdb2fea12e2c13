// Invented people: names of many languages, addresses of the domains and numbers that are kept free for examples
// (RFC 2606, RFC 5737; telephone numbers 555-01XX).
import type { Random } from "./random.js";

/** Given names; behind a slash as an address writes them. */
const given =
  "Amara Beatriz Chidi Dalia Elif/elif Farid Greta Hana Ivo Jonas Kenji Leïla/leila Mateo Nadia Olu Priya Quentin Rosa " +
  "Søren/soren Tamsin Uma Viktor Wanjiru Ximena Yusuf Zoë/zoe Łukasz/lukasz Željka/zeljka 美咲/misaki Андрей/andrey";
const family =
  "Abara Bergström/bergstrom Castellanos Dvořák/dvorak Eriksen Fontaine Gálvez/galvez Haddad Ibarra Jovanović/jovanovic " +
  "Kowalczyk Lindqvist Müller/mueller Nakagawa Okafor Petrov Quispe Rahman Şahin/sahin Thorne Ueda Vasconcelos Whitlock " +
  "Xu Yılmaz/yilmaz Zhang";

const named = (text: string) => text.split(" ").map((name) => name.split("/") as [string, string?]);
const givenNames = named(given);
const familyNames = named(family);
const domains = ["example.org", "example.com", "example.net"];
const blocks = ["192.0.2.", "198.51.100.", "203.0.113."];

export interface Person {
  readonly uuid: string;
  readonly id: string;
  readonly name: string;
  readonly given: string;
  readonly family: string;
  readonly slug: string;
  readonly email: string;
  readonly phone: string;
  /** When the address was confirmed. */
  readonly confirmed: string;
  readonly external: string;
}

export function person(random: Random): Person {
  const [first, firstLetters = first.toLowerCase()] = random.pick(givenNames);
  const [last, lastLetters = last.toLowerCase()] = random.pick(familyNames);
  const two = (low: number, high: number) => String(random.int(low, high)).padStart(2, "0");
  const day = `20${two(21, 25)}-${two(1, 12)}-${two(1, 28)}`;
  return {
    uuid: random.uuid(),
    id: String(random.int(20_000, 99_999)),
    name: `${first} ${last}`,
    given: first,
    family: last,
    slug: `${firstLetters}-${lastLetters}`,
    email: `${firstLetters}.${lastLetters}${random.chance(40) ? random.int(2, 99) : ""}@${random.pick(domains)}`,
    phone: `+1 555 01${two(0, 99)}`,
    confirmed: `${day} ${two(0, 23)}:${two(0, 59)}:${two(0, 59)} -0800`,
    external: `staff-${random.int(100, 999)}`,
  };
}

/** A network address. */
export const address = (random: Random): string => random.pick(blocks) + random.int(1, 254);

/** Who asks over HTTP. */
export const browsers = [
  "Mozilla/5.0 (X11; Linux x86_64; rv:137.0) Gecko/20100101 Firefox/137.0",
  "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.4 Safari/605.1.15",
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/135.0.0.0 Safari/537.36",
];
export const libraries = ["python-httpx/0.28", "node", "Go-http-client/2.0", "okhttp/4.12.0", "curl/8.12.1"];
