/** The tables that a runbook and a release plan are made of. */
export type TableKind =
  | "checklist"
  | "environments"
  | "timeline"
  | "validation"
  | "rollback"
  | "channels"
  | "overview"
  | "phases"
  | "metrics"
  | "triggers"
  | "messages"
  | "review"
  | "approvals"
  | "poll"
  | "contacts"
  | "components"
  | "freezes"
  | "obligations"
  | "closing";

/** What a column says, whatever it is called. `answer` columns are filled in while a release runs. */
export type Field =
  | "id"
  | "check"
  | "role"
  | "notes"
  | "environment"
  | "region"
  | "account"
  | "source"
  | "at"
  | "do"
  | "command"
  | "expect"
  | "undo"
  | "owner"
  | "tool"
  | "threshold"
  | "component"
  | "reference"
  | "channel"
  | "purpose"
  | "field"
  | "value"
  | "example"
  | "description"
  | "phase"
  | "mechanism"
  | "percent"
  | "watch"
  | "metric"
  | "when"
  | "detect"
  | "action"
  | "process"
  | "audience"
  | "text"
  | "person"
  | "opens"
  | "closes"
  | "target"
  | "function"
  | "alias"
  | "version"
  | "count"
  | "or"
  | "after"
  | "expires"
  | "freeze"
  | "from"
  | "to"
  | "within"
  | "occasion"
  | "blocks"
  | "act"
  | "required"
  | "answer";

export interface Shape {
  readonly kind: TableKind;
  /** A heading that speaks of this table. */
  readonly heading: RegExp;
  /** In the order in which columns are claimed: the more particular names first. */
  readonly columns: readonly (readonly [Field, RegExp])[];
  readonly needs: readonly Field[];
  /** The document that such a table stands in. */
  readonly home: "runbook" | "release-plan";
}

const OWNER = /owner|owned by|responsible(?: party| person| role)?|role|who|lead|assignee|by whom/;
const NOTES = /notes?|comments?|remarks?/;
const ID = /id|key/;
const TIME = /t ?-? ?offset|offset|time|when|start time|start|t/;
const ANSWERS =
  /completed|done|yes ?\/ ?no|time ?stamp|result|actual(?: .+)?|pass ?\/ ?fail|pass|status|signature|signed|date|vote|sent(?: at)?|answered(?: .+)?|evidence|outcome|fired|verdict/;

/**
 * Tables are known by their columns, in any order and under several names; where two kinds would fit, the
 * heading above decides, then the order here. Names are compared in lower case, without what stands in
 * parentheses.
 */
export const SHAPES: readonly Shape[] = [
  {
    kind: "phases",
    heading: /phase|rollout|stage/i,
    home: "release-plan",
    needs: ["component", "percent"],
    columns: [
      ["percent", /%|% .*|percent(?:age)?(?: .*)?|traffic(?: .*)?|share(?: .*)?|weight|users/],
      ["component", /component|service|system|application|app|target/],
      ["phase", /phase|stage|step|wave|#|no/],
      ["mechanism", /channel ?\/ ?mechanism|mechanism|channel|method|how/],
      ["at", TIME],
      [
        "watch",
        /monitoring(?: window| period| time)?|window|bake(?: time)?|watch|soak(?: time)?|observe|duration/,
      ],
      ["owner", OWNER],
      ["id", ID],
      ["answer", ANSWERS],
    ],
  },
  {
    kind: "triggers",
    heading: /rollback (?:strategy|trigger|plan|condition)|trigger/i,
    home: "release-plan",
    needs: ["when"],
    columns: [
      ["when", /trigger(?: condition)?|condition|if|rollback (?:trigger|condition)/],
      ["detect", /detection(?: mechanism)?|detect(?:ed by)?|alarm|alert|source/],
      ["action", /immediate action|action|response|first action|respond/],
      [
        "process",
        /rollback command ?\/ ?process|rollback (?:command|process|procedure)|command|process|procedure/,
      ],
      ["owner", OWNER],
      ["id", ID],
      ["answer", ANSWERS],
    ],
  },
  {
    kind: "messages",
    heading: /communicat|announce|notif/i,
    home: "release-plan",
    needs: ["at", "text"],
    columns: [
      ["at", TIME],
      ["audience", /audience|recipients?|to|for whom|stakeholders?/],
      ["channel", /channel|medium|via|where/],
      ["text", /message(?: summary| text)?|summary|text|content|template/],
      ["owner", OWNER],
      ["id", ID],
      ["answer", ANSWERS],
    ],
  },
  {
    kind: "timeline",
    heading: /timeline|minute|schedule|deployment steps|procedure|steps/i,
    home: "runbook",
    needs: ["at", "do"],
    columns: [
      ["at", TIME],
      ["do", /action|activity|task|step|what|do/],
      ["undo", /undo|back-?out|roll ?back|revert|how to undo/],
      ["command", /command(?: .*)?|console steps?|how|commands?|procedure/],
      ["expect", /expected(?: output| result)?|expectation|output/],
      ["owner", OWNER],
      ["id", ID],
      ["answer", ANSWERS],
    ],
  },
  {
    kind: "poll",
    heading: /go ?\/ ?no|vote|poll/i,
    home: "runbook",
    needs: ["role"],
    columns: [
      ["role", OWNER],
      ["opens", /opens?(?: at)?|from/],
      ["closes", /closes?(?: at)?|until|deadline/],
      ["answer", /vote|decision|go ?\/ ?no ?-? ?go|by|name|time/],
      ["answer", ANSWERS],
    ],
  },
  {
    kind: "rollback",
    heading: /rollback command|back ?-?out|revert|rollback/i,
    home: "runbook",
    needs: ["component", "command"],
    columns: [
      ["component", /component|service|system|what/],
      ["command", /command(?: .*)?|process|procedure|how|steps?/],
      ["reference", /reference|ref|see|link|document/],
      ["answer", ANSWERS],
    ],
  },
  {
    kind: "metrics",
    heading: /metric|monitor|kpi|success|slo/i,
    home: "release-plan",
    needs: ["metric", "threshold"],
    columns: [
      ["metric", /metric|kpi|indicator|measure|slo|sli/],
      ["threshold", /target ?\/ ?threshold|threshold|target|goal|objective|limit/],
      ["tool", /monitoring tool|tool(?: .*)?|source|measured (?:by|in|with)|dashboard|where/],
      ["component", /component|service/],
      ["owner", OWNER],
      ["id", ID],
      ["answer", ANSWERS],
    ],
  },
  {
    kind: "validation",
    heading: /validat|verif|smoke/i,
    home: "runbook",
    needs: ["check", "threshold"],
    columns: [
      ["check", /validation|check|test|what|item/],
      ["tool", /tool(?: .*)?|query|how|source|method/],
      ["threshold", /threshold|expected|target|criteri(?:on|a)|limit/],
      ["owner", OWNER],
      ["id", ID],
      ["answer", ANSWERS],
    ],
  },
  {
    kind: "checklist",
    heading: /check ?-?list|pre-?deploy|pre-?condition|prerequisite|readiness|gate/i,
    home: "runbook",
    needs: ["check", "role"],
    columns: [
      ["check", /check|item|task|prerequisite|gate|what|requirement/],
      ["role", OWNER],
      ["id", ID],
      ["answer", ANSWERS],
      ["notes", NOTES],
    ],
  },
  {
    kind: "environments",
    heading: /environment/i,
    home: "runbook",
    needs: ["environment"],
    columns: [
      ["environment", /environment|env|stage/],
      ["region", /region|location/],
      ["account", /aws account(?: id)?|account(?: id| number)?/],
      ["source", /iac(?: .*)?|repo(?:sitory)?(?: .*)?|source|tag|infrastructure(?: .*)?/],
      ["notes", NOTES],
    ],
  },
  {
    kind: "components",
    heading: /component|target/i,
    home: "runbook",
    needs: ["component", "target"],
    columns: [
      ["component", /component|service|name/],
      ["target", /target|runs on|kind|platform|type/],
      ["function", /function ?\/ ?package|function|function name|package|app|bundle|bundle id/],
      ["alias", /alias ?\/ ?track|alias|track/],
      ["version", /version|new version|version code/],
      ["region", /region/],
      ["account", /(?:aws )?account(?: id)?/],
      ["id", ID],
    ],
  },
  {
    kind: "channels",
    heading: /communicat|escalat|channel/i,
    home: "runbook",
    needs: ["channel", "purpose"],
    columns: [
      ["channel", /channel|tool|system|where/],
      ["purpose", /purpose|use|for|what for/],
      ["owner", OWNER],
      ["answer", ANSWERS],
    ],
  },
  {
    kind: "approvals",
    heading: /approv|sign-?off|authori[sz]ation/i,
    home: "release-plan",
    needs: ["role"],
    columns: [
      ["role", /role|approver|function|title/],
      ["person", /name|person|approver name/],
      ["count", /signatures? needed|needed|count|quorum|how many(?: .*)?|people needed/],
      ["or", /or|alternates?|alternatives?|deput(?:y|ies)|in (?:its|their) place/],
      ["after", /after|only after/],
      ["expires", /expires?(?: after)?|expiry|holds for|valid for/],
      ["answer", /decision|approval|approved|by/],
      ["answer", ANSWERS],
    ],
  },
  {
    kind: "freezes",
    heading: /freeze|black ?-?out|moratorium/i,
    home: "runbook",
    needs: ["freeze", "from", "to"],
    columns: [
      ["freeze", /freeze(?: period)?|name|reason|what(?: for)?|event/],
      ["from", /from|start(?: date| time)?|begins?/],
      ["to", /to|until|end(?: date| time)?|ends?/],
      ["component", /components?|services?|systems?|only/],
    ],
  },
  {
    kind: "closing",
    heading: /closing|close-?out|wrap-?up|after the release/i,
    home: "release-plan",
    needs: ["act", "role", "within"],
    columns: [
      ["act", /act|kind|closing act/],
      ["do", /what|action|task|to do/],
      ["role", OWNER],
      ["within", /within|due(?: within)?|deadline|how long/],
      ["channel", /channel|by|done by|via/],
      ["text", /message|text|told/],
      ["required", /required(?: .*)?|needed to close|must/],
      ["id", ID],
      ["answer", ANSWERS],
    ],
  },
  {
    kind: "obligations",
    heading: /obligation|owed|follow ?-?ups?/i,
    home: "release-plan",
    needs: ["do", "role", "within"],
    columns: [
      ["do", /obligation|follow ?-?up|action|task|what|to do/],
      ["role", OWNER],
      ["within", /within|due(?: within)?|deadline|how long/],
      ["occasion", /counts? from|from|counted from/],
      ["blocks", /blocks?(?: .*)?|holds up(?: .*)?/],
      ["id", ID],
      ["answer", ANSWERS],
    ],
  },
  {
    kind: "contacts",
    heading: /contact|escalat|on-?call|roster|people|team/i,
    home: "runbook",
    needs: ["role", "person"],
    columns: [
      ["role", /role|function|title|responsibility|level/],
      ["person", /name|person|contact|people|who|phone|e-?mail/],
    ],
  },
  {
    kind: "review",
    heading: /review|retrospective|post-?mortem/i,
    home: "release-plan",
    needs: ["field"],
    columns: [
      ["field", /field|item|topic|question/],
      ["description", /description|hint|details|notes/],
      ["answer", /value|answer|entry|response/],
      ["answer", ANSWERS],
    ],
  },
  {
    kind: "overview",
    heading: /overview|summary|release info|general/i,
    home: "release-plan",
    needs: ["field"],
    columns: [
      ["field", /field|item|attribute|property/],
      ["value", /value|entry|setting/],
      ["example", /examples?/],
      ["description", /description|meaning|details/],
    ],
  },
];
