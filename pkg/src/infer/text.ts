// What a text looks like.

/** Formats of JSON Schema that a text may be of, and forms that only say what it is about. */
export type Format =
  | "date-time"
  | "date"
  | "email"
  | "ipv4"
  | "ipv6"
  | "uuid"
  | "uri"
  | "time-text"
  | "token"
  | "phone"
  | "user-agent"
  | "national-id";

const octet = "(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)";

const forms: readonly (readonly [Format, RegExp])[] = [
  ["date-time", /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/i], // RFC 3339, section 5.6
  ["date", /^\d{4}-\d\d-\d\d$/],
  ["email", /^[^\s@"<>(),;:\\[\]]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+$/],
  ["ipv4", new RegExp(`^${octet}(?:\\.${octet}){3}$`)],
  ["ipv6", /^(?=.*:.*:)[0-9a-f:]{2,39}(?:\d+\.\d+\.\d+\.\d+)?$/i],
  ["uuid", /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i],
  ["uri", /^[a-z][a-z0-9+.-]*:\/\/[^\s"<>\\^`{|}]+$/i],
  // Other texts that the catalogue reads as times: the forms of src/time.
  [
    "time-text",
    /^(?:\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)? ?(?:Z|UTC|GMT|[+-]\d\d:?\d\d)|[A-Z][a-z]{2}, \d\d? [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d (?:GMT|UTC|[+-]\d{4}))/,
  ],
  // JSON Web Tokens, and the marks of well-known keys.
  [
    "token",
    /^(?:eyJ[\w-]+\.eyJ[\w-]+\.|(?:Bearer|Basic) \S{8}|sk_(?:live|test)_|gh[pousr]_|xox[abprs]-|AKIA[0-9A-Z]{16})/,
  ],
  ["phone", /^\+\d[\d ().-]{6,18}\d$/],
  ["user-agent", /^(?:Mozilla\/\d|[\w.-]+\/\d[\w.]* \()/], // RFC 9110, section 10.1.5
  ["national-id", /^(?!000|666|9)\d{3}-(?!00)\d\d-(?!0000)\d{4}$/], // a US social security number
];

/** Texts that are longer are looked at no further. */
const LONGEST = 300;

/** The formats that a text is of. */
export function formatsOf(text: string): Format[] {
  if (text.length > LONGEST || text === "") return [];
  return forms.filter(([, form]) => form.test(text)).map(([format]) => format);
}
