import type { Command } from "./args.js";

/** What `logweir --help` prints. */
export const overview = `logweir: recognises, validates and redacts log and audit events before they leave

Usage
  logweir run --policy P [FILE|FOLDER…]     apply a policy: events in, events out
  logweir check POLICY                      tell what could leak through a policy, and whether its tests hold
  logweir explain --policy P [FILE]         show what a policy does to each record
  logweir redact [--preset P] [FILE…]       take out what the command line names
  logweir grep [-c] [-v] [-n] QUERY [FILE…] print the records that match a query, as they were
  logweir detect [FILE…]                    tell which event each record is
  logweir validate [--schema S] [FILE…]     check records by the catalogue, or documents against a JSON Schema
  logweir render --template T [FILE…]       give what a template makes of each record
  logweir catalog [TYPE]                    list the event types, or what is known of one
  logweir sample [--type T] [-n N]          make events to try things out with
  logweir infer [FILE…]                     draft an event type of your own from samples
  logweir replay WHAT --at URL --from T     have a forwarder run again what it kept
  logweir replay --policy P [--key F] FILE… the same with files here
  logweir worker init --policy P [FOLDER]   write a forwarder's project for Cloudflare Workers
  logweir help COMMAND                      options and examples of a command
  logweir --version

A first try
  echo '{"user":{"email":"ana@example.org"}}' > event.json
  echo '{"logweir":1,"redact":[{"path":"**.email"}]}' > policy.json
  logweir run --policy policy.json event.json

Data goes to stdout, everything else to stderr.
Exit status: 0 fine, 1 something was put into quarantine, could not be read or is not valid, 2 it could not run.
grep's own: 0 something was found, 1 nothing was.
`;

const input = (
  usual: string,
) => `  -f, --format F       how the records stand in the input (default: ${usual})
                         auto    found out from the first lines; waits for what follows the first record: where
                                 events trickle in, name the format
                         ndjson  one record a line
                         array   one JSON array of records
                         json    the whole input is one record
                         concat  records one after another, pretty-printed or not
                         values  found out as by auto, but an array is one record`;

/** What `logweir help COMMAND` prints. */
export const helpOf: Record<Command, string> = {
  run: `logweir run: applies a policy to events

Usage
  logweir run --policy P [options] [FILE|FOLDER…]

Reads the files one after another; a folder means all files in it, at any depth, in the order of their names (names
that begin with a dot are left out). Without files, or for "-", it reads stdin. gzip is recognised by its first bytes.
Nothing is read whole: memory stays flat at any size.

Options
  -p, --policy P       the policy: a file of JSON, comments allowed ("-": stdin, where files are named for the events)
${input("auto")}
  -r, --route NAME     the route to write; needed where the policy has several
      --report F       write the account to F, as JSON ("-": to stderr);
                       for Prometheus if the name ends in .prom
      --dead-letter F  write a line of JSON to F ("-": to stderr) for each record in quarantine: where it was and why it
                       was withheld, and the record itself only if the policy says {"quarantine":{"originals":true}}
      --secret S       a key that the policy names: NAME=env:VARIABLE or NAME=file:FILE; may be repeated
      --now T          the time for templates and queries, such as 2026-05-04T06:00:00.123-04:00 (default: the clock's)
  -h, --help

Examples
  logweir run --policy policy.json events.ndjson > clean.ndjson
  logweir run -p policy.json workato-jobs/ | gzip > jobs.ndjson.gz
  zcat old/*.gz | logweir run -p policy.json --report report.json --dead-letter dead.ndjson > clean.ndjson

Exit status
  0 every record was kept or filtered; 1 some were put into quarantine; 2 it could not run (the policy has mistakes,
  a path does not exist …), or a file could not be read to its end: the others were read all the same, and what was
  written lacks what was not read.
`,
  check: `logweir check: tells what could leak through a policy, and whether its own tests hold

Usage
  logweir check [options] POLICY

The catalogue says which fields of the accepted events are personal and which hold free payload. What no rule changes for
certain on its way to a route, and "allow" does not let through, is a leak: event type, field, class and route are told, and
the shortest mend. A rule with "when" or "except" is not certain, nor is a detector. Then the tests that the policy holds
under "tests" are run; what is not as expected is told, a line for each place. PROBLEMS.md in this package tells the codes.

Options
      --coverage       which rules, routes and event types the tests exercise
      --json           everything as JSON, mistakes of the policy too
      --secret S       a key that the policy names: NAME=env:VARIABLE or NAME=file:FILE; those not given are made up
  -h, --help

Examples
  logweir check policy.json
  logweir check --coverage policy.json

Exit status
  0 nothing leaks and all tests hold; 1 something does not; 2 it could not run (the policy has mistakes …).
`,
  explain: `logweir explain: shows what a policy does to each record, step by step

Usage
  logweir explain --policy P [options] [FILE]

Reads one file, or stdin; at most 16 MB, and 10,000 records and changes together, for this is a look at some records
and not a way to process many. Room by room it shows what decided: the event type, the schema's findings, the term of a
query, the rules and what they reached, the route's template and request. It shows places and lengths and no values, so
that its output may be shared.

Options
  -p, --policy P       the policy: a file of JSON, comments allowed ("-": stdin, where a file is named for the events)
${input("auto")}
      --now T          what queries mean by now, such as 2026-05-04T06:00:00-04:00 (default: the clock's)
      --show-output    show what each route would get: redacted, the first 4 KB; nothing where "allow" lets something pass
      --show-values    show the text that each rule took away; such output holds the data that the policy protects
      --json           a line of JSON for each record
      --secret S       a key that the policy names: NAME=env:VARIABLE or NAME=file:FILE; may be repeated
  -h, --help

Examples
  head -n 3 events.ndjson | logweir explain --policy policy.json
  logweir explain -p policy.json --show-values event.json
  logweir explain -p policy.json --json --show-output events.ndjson | jq .routes

Exit status
  0 every record was kept or filtered; 1 some would be put into quarantine; 2 it could not run.
`,
  redact: `logweir redact: takes out what the command line names, as a rule of a policy would

Usage
  logweir redact [options] [FILE|FOLDER…]

Reads and writes as run does. What is named several times, or in several ways, is all meant.

Options
  -k, --key NAME       what stands under a key, at any depth, however it is written: access_token is for accessToken too;
                       * stands for any characters
  -p, --path PATH      what stands at a path: user.email, lines[*].input, **.token
  -c, --class CLASS    what the catalogue calls personal: email, person, user_id, customer_id, ip, device, location,
                       phone, secret
  -d, --detect D       what a detector finds, in any text, number or key: email, phone, card, iban, ssn, ip, mac, jwt,
                       secret, private_key, authorization, url_password, entropy; several with commas
      --preset P       rules under a name: personal, secrets, strict-payload, mask-data,
                       workato-duplicates; several with commas
  -w, --with W         what becomes of it: replace (the default), remove, null, mask, hash:KEY, or JSON as in a policy:
                       '{"mask":{"last":4}}'
      --secret S       a key: NAME=env:VARIABLE or NAME=file:FILE; may be repeated
${input("auto")}
      --report F       write the account to F, as JSON ("-": to stderr);
                       for Prometheus if the name ends in .prom
      --dead-letter F  write a line of JSON to F ("-": to stderr) for each record in quarantine
  -h, --help

Examples
  logweir redact --preset personal,secrets events.ndjson > clean.ndjson
  logweir redact --detect card,iban --with '{"mask":{"last":4}}' events.ndjson > clean.ndjson
  logweir redact --key password --key '*token*' events.ndjson > clean.ndjson
  logweir redact --class email --class person --with hash:pii --secret pii=env:PII_KEY logs/ > clean.ndjson

Exit status
  0 every record was kept; 1 some were put into quarantine; 2 it could not run, or a file could not be read to its end.
`,
  grep: `logweir grep: prints the records that match a query, as they were

Usage
  logweir grep [options] QUERY [FILE|FOLDER…]

Reads files, folders, gzip and stdin as run does, at any size. Lines that cannot match by their bytes alone are passed
over unread. Where more than one file is named, or a folder, each record has its file's name before it.

The query, in short (QUERY.md has all of it)
  timeout "time out"       words and phrases, anywhere in a record, JSON in strings included
  stepState:failure        a field's value; field:sales* with wildcards, field:/time(d )?out/ by a regular expression
  duration:>=1.5  at:[2026-05-01 TO now-1h]  ip:10.0.0.0/8  eventType:(failed OR terminated)  _exists_:errorId
  @level:>=warn            a common field, the same for every platform: logweir catalog lists them
  a b, a AND b, a OR b, NOT a, -a, ( )

Options
  -c, --count          print how many records match, of each file
  -v, --invert-match   the records that do not match
  -n, --line-number    the line of each record before it; where records do not stand on lines, its number, from 1
  -H, --with-filename  the file's name before each record, though there be only one
  -h, --no-filename    no names of files
      --now T          what the query means by now, such as 2026-05-04T06:00:00-04:00 (default: the clock's)
${input("auto")}
      --help

Examples
  logweir grep 'stepState:failure -connectorName:slack*' events.ndjson
  zcat old/*.gz | logweir grep -c '@level:>=error @time:>=now-1d/d'
  logweir grep -- '-eventType:successful' events.ndjson     (-- before a query that begins with -)

Exit status (as grep's)
  0 a record was selected; 1 none was; 2 it could not run (the query has mistakes …), or a file could not be read to its
  end.
`,
  detect: `logweir detect: tells which event of the catalogue each record is

Usage
  logweir detect [options] [FILE|FOLDER…]

Reads files, folders, gzip and stdin as run does, at any size. Each record gives a line of JSON on stdout:
  {"record":0,"type":"workato.job","at":"/log"}
"at" is where the event stands: "" if the record is the event, else a JSON pointer, which goes on into strings that hold
JSON. The type of a record that no event type recognises is null; "code" says why where it is no JSON (S101 …), or could
be events of several types (D102). Where more than one file is read, "file" says which it was.

Options
  -c, --catalog F      event types of your own: a file as infer drafts it, or a list of such
      --fields         the common fields of each event too: {"@time":"2026-05-04T06:00:00Z","@level":"error", … }
      --links          the earlier events that belong to each, the last 100,000 in mind, and how long what began with them
                       took: [{"title":"What went into the step","type":"tray.step_input","record":7,"duration":"2.5"}]
${input("auto")}
  -h, --help

Examples
  logweir detect events.ndjson | head
  logweir detect --fields logs/ > fields.ndjson
  logweir detect --links events.ndjson | grep duration

Exit status
  0 every record could be read, unknown ones included; 1 some could not, or could be events of several types; 2 it could
  not run, or a file could not be read to its end.
`,
  validate: `logweir validate: checks records by the catalogue, or documents against a JSON Schema (2020-12 or draft-07)

Usage
  logweir validate [options] [FILE|FOLDER…]
  logweir validate --schema S [options] [FILE|FOLDER…]

Reads files, folders, gzip and stdin as run does, at any size, and gives a line of JSON on stdout for each record:
  {"record":0,"type":"workato.job","at":"/*","valid":true,"findings":[]}
  {"record":1,"type":null,"valid":null,"findings":[]}
The schema is that of the event's type; places in findings are counted from where the event begins ("at"). With --schema
each top-level value is one document, an array too, and gives a line such as
  {"record":0,"valid":false,"findings":[{"code":"V101","instance":"/id","span":{"start":6,"end":9}, … }]}
Where more than one file is read, "file" says which it was. finding.schema.json in this package describes a finding;
it tells places and what was expected, and no values. Where some are not valid, stderr shows the
first few, and how many there are.

Options
  -c, --catalog F      event types of your own: a file as infer drafts it, or a list of such
  -s, --schema S       the schema: a file of JSON; the next three go with it
      --remotes DIR    schemas that S may refer to: DIR/a/b.json is http://localhost:1234/a/b.json
      --dialect D      the draft, where a schema has no $schema: 2020-12 (the default) or draft-07
      --formats        check "format", which otherwise only annotates
      --show-keys      show names that no schema tells; they are data, and "*" otherwise
${input("auto; with --schema: values")}
  -h, --help

Examples
  logweir validate events.ndjson > verdicts.ndjson
  logweir validate --schema event.schema.json events.ndjson > verdicts.ndjson
  logweir validate -s schema.json --format array list.json

Exit status
  0 every document is valid; 1 some are not, or are of no known event type; 2 it could not run (the schema has mistakes,
  a path does not exist …), or a file could not be read to its end.
`,
  render: `logweir render: gives what a template makes of each record

Usage
  logweir render --template T [options] [FILE|FOLDER…]

Reads files, folders, gzip and stdin as run does, at any size; each top-level value is one record, an array too. A template
is Mustache. It is refused unless it makes valid JSON whatever the records hold, and each record then gives a line on
stdout; with --text it is plain Mustache, and its text is given as it is. Nothing is redacted: run does that.
TEMPLATE.md in this package tells names, placeholders (log_message, now …) and formatters.

Options
  -t, --template T     the template: a file ("-": stdin, where files are named for the records)
      --text           make text, not JSON
      --partials DIR   templates that T may name: DIR/NAME.mustache is {{> NAME}}
      --now T          the time of rendering, such as 2026-05-04T06:00:00.123-04:00 (default: when it begins)
${input("values")}
  -h, --help

Examples
  logweir render --template envelope.json events.ndjson > out.ndjson
  echo '{"name":"Ana"}' | logweir render --text -t hello.mustache

Exit status
  0 every record was rendered; 1 some could not be read, and nothing was made of them; 2 it could not run (the template has
  mistakes, a path does not exist …), or a file could not be read to its end.
`,
  catalog: `logweir catalog: lists the event types, or tells what is known of one

Usage
  logweir catalog [--json] [TYPE…]

A type is named as it is listed, or "tray.*": all of a platform. Of one it tells how its events are recognised, where the common fields come from, which fields are personal data (by
class) and which hold free payload. A policy's "accept" names types as they are listed here.

Options
      --json           the entries themselves, each with its JSON Schema
  -h, --help

Examples
  logweir catalog
  logweir catalog workato.job
  logweir catalog "paragon.*" | less
  logweir catalog --json tray.audit > tray.audit.json
`,
  sample: `logweir sample: makes events as the platforms send them

Usage
  logweir sample [options]

Writes NDJSON: events of every type of the catalogue, in order of time. Runs have their steps, jobs call one another,
sessions, conversations and syncs overlap; what belongs together has equal ids. All names, addresses and numbers are
invented and of those kept free for examples. The same seed gives the same bytes, everywhere.

Options
  -t, --type T         only events of this type, such as workato.job, or of a platform, such as "tray.*"
  -n, --count N        how many events (default: 100)
  -s, --seed S         any whole number (default: 1)
  -w, --wrapped        each event as somebody's log message template wraps it: under a key, as text, or both
  -h, --help

Examples
  logweir sample -n 1000 > events.ndjson
  logweir sample --type workato.job -n 3 --seed 7 | logweir explain --policy policy.json
`,
  infer: `logweir infer: drafts an event type of your own from samples

Usage
  logweir infer [options] [FILE|FOLDER…]

Reads files, folders, gzip and stdin as run does, at any number of records and in flat memory; they should be events of
one type. It drafts an entry of the catalogue: by what the events are recognised (and no built-in type's are), where the
common fields come from, what is likely to be personal data or free payload, which strings hold JSON; and their JSON
Schema: types, formats, required members, words of likely enums. stderr lists what should be looked at before it is used.

The draft holds names of members, and of fields with few different words those words; no other values. It goes into a
policy's accept.catalog, or to detect and validate by --catalog.

Options
  -t, --type T         what to call it: a platform, a dot and a kind of event (default: own.event)
      --at POINTER     where in each record the event is, such as /log; also in a string that holds JSON
  -o, --out FOLDER     write event.json and schema.json there, instead of both as one entry to stdout
${input("auto")}
  -h, --help

Examples
  logweir infer --type acme.order orders.ndjson > acme.order.json
  logweir detect --catalog acme.order.json events.ndjson

Exit status
  0 it was drafted; 1 the same, but some records could not be read; 2 it could not run, or there was nothing to learn from.
`,
  replay: `logweir replay: runs again what was kept, through today's policy

Usage
  logweir replay WHAT --at URL --from T [options]      a forwarder does it, with what lies in its bucket
  logweir replay --policy P [options] [FILE|FOLDER…]   here, with files of the bucket or dead letters of run

WHAT is quarantine (withheld records, where the policy keeps originals and a key was given), dead (dead letters, which go
out as they are), archive (what routes without a destination were given) or originals (all that came, sealed). The forwarder
does a part at a time; a part that fails is asked for again, and what was sent is not sent again. A line of JSON says what
came of it. Files here give what run would give; what is sealed needs the private key.

Options
  -q, --query Q        the records that the query selects
      --code C         of withheld records: those of this reason, such as D101
  -r, --route NAME     the route that gets something; may be repeated with --at
 with --at
      --from T         from when on it was taken, such as 2026-05-04T06:00:00Z
      --to T           up to when (default: now)
      --name N         that of one source (quarantine, originals) or one route (dead, archive)
      --tenant T       what was kept of a tenant
      --dry-run        count, and send nothing
  -n, --count N        how many objects a request is for (default: 50; of Cloudflare's free plan, 5)
      --outdated       dead: also what another policy made
      --after K        go on behind this key, which stderr told
      --token T        env:VARIABLE or file:FILE (default: env:REPLAY_TOKEN)
 with files
  -p, --policy P       the policy
      --key F          the private key as a JSON Web Key, or a set of them
      --secret S       a key that the policy names: NAME=env:VARIABLE or NAME=file:FILE; may be repeated
      --now T          the time for templates and queries (default: the clock's)
  -h, --help

Examples
  logweir replay quarantine --at https://logs.example.workers.dev --from 2026-05-01T00:00:00Z --dry-run
  logweir replay dead --at https://logs.example.workers.dev --from 2026-05-04T06:00:00Z --name siem
  logweir replay --policy policy.json --key originals.private.jwk quarantine/ > clean.ndjson

Exit status
  0 all was run again; 1 some is withheld still, cannot be opened or was left alone; 2 it could not run.
`,
  worker: `logweir worker: writes a forwarder's project for Cloudflare Workers

Usage
  logweir worker init --policy P [--name NAME] [FOLDER]
  logweir worker key [FILE]

init writes wrangler.jsonc (a queue for each route with a destination, the bucket, the ledgers), forwarder.js, a list of the
secrets, package.json, the policy and a README with the steps to deploy it. key makes a pair of keys for originals: the private
one into FILE (default: originals.private.jwk), the public one, which the forwarder gets as ORIGINALS_KEY, to stdout.

Options
  -p, --policy P       the policy
      --name NAME      the Worker's name: small letters, digits, hyphens (default: the folder's)
  -h, --help

Examples
  logweir worker init --policy policy.json logs
  logweir worker key | npx wrangler secret put ORIGINALS_KEY

Exit status
  0 it was written; 2 it could not: what is there already is left alone.
`,
};
