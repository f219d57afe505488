/** A cost center of the finance department. */
export interface Center {
  /** The business unit that it belongs to. */
  unit: string;
  /** Who answers for its money. */
  mail: string;
}

/** The cost centers by code. */
export const centers: Record<string, Center> = {
  "1000": { unit: "platform", mail: "cloud-costs@acme.example" },
  "1700": { unit: "mergers", mail: "cfo-office@acme.example" },
  "1900": { unit: "security", mail: "cloud-costs@acme.example" },
  "3100": { unit: "platform", mail: "cloud-costs@acme.example" },
  "3200": { unit: "data", mail: "data-lead@acme.example" },
  "4711": { unit: "payments", mail: "payments-lead@acme.example" },
  "4712": { unit: "payments", mail: "ledger-lead@acme.example" },
  "8000": { unit: "research", mail: "research-lead@acme.example" },
  "8100": { unit: "research", mail: "research-lead@acme.example" },
  "9000": { unit: "back-office", mail: "cfo-office@acme.example" },
  "9100": { unit: "back-office", mail: "cfo-office@acme.example" },
  "9200": { unit: "back-office", mail: "cfo-office@acme.example" },
};
