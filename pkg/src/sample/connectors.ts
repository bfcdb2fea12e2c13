// What steps of a Tray workflow do: connectors with what goes in and comes out, as templates.

export interface Connector {
  readonly name: string;
  readonly version: string;
  readonly operation: string;
  /** What the workflow's author calls the step. */
  readonly title: string;
  readonly input: string;
  readonly output: string;
  /** What may go wrong: the type, and the message as JSON writes it. */
  readonly errors: readonly (readonly [type: string, message: string])[];
}

const [name, email, phone] = ["‹person.name›", "‹person.email›", "‹person.phone›"];

/** The first step of each workflow. */
export const trigger: Connector = {
  name: "webhook",
  version: "2.0",
  operation: "webhook",
  title: "When an order comes in",
  input: "{}",
  output: `{"success":true,"headers":{"content-type":"application/json","x-forwarded-for":"‹client.ip›","user-agent":"‹client.library›"},"method":"POST","path":"/‹uuid a›","body":"{\\"order\\":\\"‹order.number›\\",\\"customer\\":{\\"name\\":\\"${name}\\",\\"email\\":\\"${email}\\",\\"phone\\":\\"${phone}\\"},\\"total\\":‹like 249.95›}"}`,
  errors: [["input", "The body is no JSON"]],
};

export const connectors: readonly Connector[] = [
  {
    name: "salesforce",
    version: "8.4",
    operation: "so_object_find",
    title: "Find the contact",
    input: `{"object":"Contact","conditions":[{"field":"Email","operator":"Equal to","value":"${email}"}],"fields":["Id","Name","Email","MobilePhone"],"limit":50}`,
    output: `{"records":[{"Id":"003XX00000‹like 4711›","Name":"${name}","Email":"${email}","MobilePhone":"${phone}","LastModifiedDate":"‹start -86000000 3+00:00›"}],"total":1}`,
    errors: [
      ["connector", `404: no record for ${email}`],
      ["external", "REQUEST_LIMIT_EXCEEDED"],
      ["input", '\\"object\\" is required'],
    ],
  },
  {
    name: "hubspot",
    version: "5.1",
    operation: "create_contact",
    title: "Create the contact",
    input: `{"properties":{"email":"${email}","fullname":"${name}","phone":"${phone}","lifecyclestage":"customer"}}`,
    output: `{"id":"‹like 50211›","createdAt":"‹at 0 3Z›","archived":false,"properties":{"email":"${email}","hs_object_id":"‹like 50211›"}}`,
    errors: [
      ["connector", 'Bad request: \\"email\\" is no address'],
      ["external", "The service answered 503"],
    ],
  },
  {
    name: "slack",
    version: "11.0",
    operation: "chat_post_message",
    title: "Tell the team",
    input: `{"channel":{"channel_id":"C0‹key a›"},"text":"Neue Bestellung ‹order.number› von ${name} :tada:","as_bot":true,"link_names":false}`,
    output: `{"ok":true,"ts":"‹like 1772442845›.‹like 112233›","message":{"text":"Neue Bestellung ‹order.number› von ${name} :tada:","user":"U0‹like 42424›","bot_id":"B0‹like 31313›"}}`,
    errors: [
      ["connector", "channel_not_found"],
      ["external", "ratelimited"],
    ],
  },
  {
    name: "http-client",
    version: "5.6",
    operation: "get_request",
    title: "Fetch open orders",
    input: `{"url":"https://api.example.org/v2/orders?customer=${email}&page=‹like 4›","auth":{"type":"bearer"},"queries":[],"follow_redirect":false,"status_code":{"range":{"from":200,"to":299}}}`,
    output: `{"status":{"code":200,"message":"OK"},"header":{"content-type":"application/json; charset=utf-8","x-request-id":"‹uuid a›"},"body":"{\\"orders\\":[{\\"number\\":\\"‹order.number›\\",\\"paid\\":true,\\"total\\":‹like 18.50›,\\"ship_to\\":{\\"name\\":\\"${name}\\",\\"street\\":\\"Rúa do Exemplo ‹like 17›\\",\\"note\\":\\"Ring \\\\\\"twice\\\\\\"\\"}},{\\"number\\":\\"K-‹like 31847›\\",\\"paid\\":false,\\"total\\":‹like 249.95›,\\"ship_to\\":null}],\\"next\\":null}"}`,
    errors: [
      ["external", "The service answered 502"],
      ["external", "socket hang up"],
    ],
  },
  {
    name: "sheets",
    version: "6.3",
    operation: "create_row",
    title: "Note it in the sheet",
    input: `{"spreadsheet_id":"‹key a›","worksheet_name":"2026","row":[{"column":"Order","value":"‹order.number›"},{"column":"Name","value":"${name}"},{"column":"E-Mail","value":"${email}"},{"column":"Betrag","value":‹like 1249.00›}]}`,
    output: `{"updatedRange":"'2026'!A‹like 118›:D‹like 118›","updatedRows":1,"updatedColumns":4,"updatedCells":4}`,
    errors: [["connector", "The sheet is protected"]],
  },
  {
    name: "script",
    version: "3.4",
    operation: "execute",
    title: "Sort the rows",
    input: `{"variables":[{"name":"rows","value":[{"n":1,"mail":"${email}"},{"n":2,"mail":"‹other.email›"}]}],"script":"exports.step = ({ rows }) => rows.sort((a, b) => b.n - a.n);"}`,
    output: `{"result":[{"n":2,"mail":"‹other.email›"},{"n":1,"mail":"${email}"}],"console":["log: 2 rows"]}`,
    errors: [
      ["internal", "Step timed out"],
      ["input", 'Field \\"rows\\" is missing'],
    ],
  },
  {
    name: "data-storage",
    version: "4.9",
    operation: "set",
    title: "Remember the order",
    input: `{"scope":"Workflow","key":"order:‹order.number›","value":{"customer":"${email}","at":‹at 0 epoch›}}`,
    output: `{"result":{"customer":"${email}","at":‹at 0 epoch›}}`,
    errors: [["internal", "The storage is full"]],
  },
];
