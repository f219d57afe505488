// What hooks get and give. This file is generated: to bring it up to date, run "archipelago hooks types".

declare module "archipelago" {
  /**
   * Declares a hook. The file exports it:
   *
   * ```ts
   * export default hook({
   *   name: "cost-center",
   *   match: { tags: { "cost-center": "*" } },
   *   baseline(draft, { account }) {
   *     draft.alias = `acme-${account.name}`;
   *   },
   * });
   * ```
   *
   * Where the use of a hook passes params, their type can be given: `hook<{ limit: number }>({ … })`.
   */
  export function hook<P extends object = Params>(definition: Hook<P>): Hook<P>;

  /**
   * Rejects the account: nothing is deployed, and the message says why. Other accounts are still looked at.
   * It never returns.
   */
  export function fail(message: string, about?: About): never;

  /** Says something about the account that does not stop a deployment. */
  export function warn(message: string): void;

  /** What a rejection is about. */
  export interface About {
    /** The setting, such as `tags.cost-center`. */
    path?: string;
    /** What to do about it. */
    hint?: string;
  }

  /** A hook: code that changes how accounts are set up. `P` is the type of its params. */
  export interface Hook<P extends object = Params> {
    /** The name of the file without its extension. */
    name: string;
    /** What the hook is for, in a sentence. */
    description?: string;
    /** Which accounts it runs for. Left out, it runs for every account that it is used for. */
    match?: Match;
    /**
     * Changes the draft of one account, or returns another one in its place. What the hooks before it changed
     * is in the draft. The context cannot be changed.
     */
    baseline(draft: Baseline, context: Context<P>): void | Baseline | Promise<void | Baseline>;
  }

  /**
   * One pattern, or a list of which one is enough. `*` is any run of characters without a slash, `**` any run
   * with slashes, `?` one character; `"Workloads/**"` is the unit Workloads and all below it.
   */
  export type Patterns = string | readonly string[];

  /** Which accounts a hook runs for: all fields that are set must hold. It is data; code in it never runs. */
  export interface Match {
    /** The name of the account's organization. */
    organization?: Patterns;
    /** The kind of that organization. */
    kind?: Patterns;
    /** The path of the account's unit: `"Workloads/Prod"`, or `""` for accounts in no unit. */
    unit?: Patterns;
    /** The account's key in its file. */
    account?: Patterns;
    /** The account's state. */
    state?: Patterns;
    /** Tags by name, all of them; `"*"` is any value. */
    tags?: { readonly [name: string]: Patterns };
    /** What must not hold. */
    not?: Match;
  }

  /** Params of a hook that does not say what type they have. */
  export interface Params {
    [name: string]: any;
  }

  /** A type whose values cannot be changed, whatever is in them. */
  export type DeepReadonly<T> = T extends (...args: never) => unknown
    ? T
    : T extends object
      ? { readonly [K in keyof T]: DeepReadonly<T[K]> }
      : T;

  /** What a hook cannot have, and why. */
  export interface Unavailable<Reason extends string> {
    readonly unavailable: Reason;
  }

  /**
   * Baseline is the effective baseline of an account: what all layers and hooks say together, with every
   * default applied. It is what hooks get as their draft.
   */
  export interface Baseline {
    /** The account's tags. */
    tags: { [name: string]: string };
    /** The alternate contacts of the account. */
    contacts: Contacts;
    /** The regions in use, the home region first. */
    regions: string[];
    /** The account's monthly budget. Set from the management account. */
    budget?: Budget;
    /**
     * The account's alias for the sign-in page, unique in all of AWS: 3-63 lower-case letters, digits and
     * hyphens. {archipelago}, {organization} and {account} are replaced.
     */
    alias?: string;
    /** The rules for passwords of IAM users in the account. */
    passwordPolicy?: PasswordPolicy;
    /** IAM roles in the account, by name. */
    roles: { [name: string]: Role };
    /** Settings of Amazon S3 for the whole account. */
    s3: S3Baseline;
    /** Settings of Amazon EC2 and EBS, in each of the account's regions. */
    ec2: EC2Baseline;
    /** IAM Access Analyzer for the account, in each of its regions. */
    accessAnalyzer?: AccessAnalyzer;
    /**
     * SSM parameters with facts about the account, by name, in each of its regions. Values may hold
     * placeholders such as {{account.id}} or {{tags.owner}}.
     */
    parameters: { [name: string]: string };
    /** Further AWS resources in the account, by name. */
    resources: { [name: string]: Resource };
  }

  /**
   * Contacts are the alternate contacts of an account. A part that is not set is inherited from the layer
   * above.
   */
  export interface Contacts {
    /** Receives bills and payment questions. */
    billing?: Contact;
    /** Receives notices about operations, such as retirement of hardware. */
    operations?: Contact;
    /** Receives abuse and security notices. */
    security?: Contact;
  }

  /** Contact is one alternate contact: all four fields are required by AWS. */
  export interface Contact {
    /** The person's or team's name, 1-64 characters. */
    name: string;
    /** The title, 1-50 characters. */
    title: string;
    /** The e-mail address. */
    email: string;
    /** The telephone number: digits, spaces and any of + - ( ), 1-25 characters. */
    phone: string;
  }

  /** Budget is the monthly cost budget of an account. */
  export interface Budget {
    /**
     * How much the account may cost in a month, in whole units of the currency.
     *
     * At least 1.
     */
    monthlyLimit: number;
    /**
     * The currency of the limit, as the bill has it.
     *
     * Pattern `^[A-Z]{3}$`.
     *
     * @defaultValue `"USD"`
     */
    currency?: string;
    /**
     * Percentages of the limit at which the cost so far raises an alarm.
     *
     * Each item: 1 to 1000.
     *
     * @defaultValue `[80, 100]`
     */
    actual?: number[];
    /**
     * Percentages of the limit at which the cost forecast for the month raises an alarm.
     *
     * Each item: 1 to 1000.
     *
     * @defaultValue `[100]`
     */
    forecast?: number[];
    /** E-mail addresses that the alarms go to, at most ten. */
    recipients: string[];
  }

  /** PasswordPolicy is the rules for passwords of IAM users. */
  export interface PasswordPolicy {
    /**
     * The fewest characters a password has, 6-128.
     *
     * 6 to 128.
     *
     * @defaultValue `14`
     */
    minimumLength?: number;
    /**
     * After how many days a password expires; 0 for never.
     *
     * 0 to 1095.
     */
    maximumAgeDays?: number;
    /**
     * How many earlier passwords cannot be used again, 0-24.
     *
     * 0 to 24.
     */
    reusePrevention?: number;
    /**
     * Whether a password needs a lower-case letter, an upper-case letter, a digit and a symbol.
     *
     * @defaultValue `true`
     */
    allCharacterTypes?: boolean;
    /**
     * Whether users may change their own password.
     *
     * @defaultValue `true`
     */
    allowChange?: boolean;
  }

  /** Role is an IAM role in the account. */
  export interface Role {
    /** Who may assume the role. */
    trust: Trust;
    /**
     * What the role is for.
     *
     * At most 1000 characters.
     */
    description?: string;
    /**
     * The path of the role, such as /security/.
     *
     * At most 512 characters.
     * Pattern `^/([!-~]+/)?$`.
     *
     * @defaultValue `"/"`
     */
    path?: string;
    /**
     * How long a session may last, in seconds: 3600-43200. Sessions of chained roles never last longer than
     * an hour.
     *
     * 3600 to 43200.
     *
     * @defaultValue `3600`
     */
    maxSessionSeconds?: number;
    /** Managed policies: names of AWS managed policies (ReadOnlyAccess, job-function/Billing) or ARNs. */
    managedPolicies?: string[];
    /** Inline policies: the documents by name. */
    policies?: { [name: string]: { [name: string]: any } };
    /** The permissions boundary: the name of an AWS managed policy or an ARN. */
    boundary?: string;
    /** Tags of the role. */
    tags?: { [name: string]: string };
  }

  /**
   * Trust says who may assume a role. Each list adds principals; conditions hold for all of them but
   * services.
   */
  export interface Trust {
    /**
     * Accounts whose administrators decide who may: ORGANIZATION/ACCOUNT, ORGANIZATION/management, or an id
     * of twelve digits in quotes.
     */
    accounts?: string[];
    /** Roles that may: ORGANIZATION/ACCOUNT/ROLE with the role's name, or an ARN. */
    roles?: string[];
    /** IAM users that may: ORGANIZATION/ACCOUNT/USER, or an ARN. */
    users?: string[];
    /** AWS services that may, such as ec2.amazonaws.com. */
    services?: string[];
    /**
     * The external id that callers must give. Required where an account outside every declared organization
     * is trusted.
     *
     * 2 to 1224 characters.
     * Pattern `^[A-Za-z0-9+=,.@:/_-]+$`.
     */
    externalId?: string;
    /**
     * Callers must have signed in with a second factor. Works for IAM users only: Identity Center, services
     * and chained roles never carry it.
     */
    mfa?: boolean;
    /**
     * How many seconds ago the second factor may have been given.
     *
     * 900 to 129600.
     */
    mfaMaxAgeSeconds?: number;
  }

  /** S3Baseline is the settings of Amazon S3 for an account. */
  export interface S3Baseline {
    /** Blocks public access to every bucket of the account. */
    blockPublicAccess?: boolean;
  }

  /** EC2Baseline is the settings of Amazon EC2 and EBS in a region of an account. */
  export interface EC2Baseline {
    /** New volumes are encrypted. */
    encryptVolumes?: boolean;
    /** Which snapshots cannot be shared with everybody. */
    snapshotSharing?: SnapshotSharing;
    /** Images cannot be shared with everybody. */
    blockPublicImages?: boolean;
    /** What new instances get for their metadata service. */
    metadata?: InstanceMetadata;
    /** Whether the serial console may be used. */
    serialConsole?: boolean;
    /** What becomes of the VPC that AWS makes in every region. It is removed only while nothing is in it. */
    defaultVpc?: DefaultVPC;
  }

  /**
   * SnapshotSharing says which EBS snapshots of an account cannot be public.
   *
   * - `block-all-sharing` keeps every snapshot from being public, those that are already included.
   * - `block-new-sharing` lets snapshots that are public stay so.
   * - `unblocked` allows public snapshots.
   */
  export type SnapshotSharing = "block-all-sharing" | "block-new-sharing" | "unblocked";

  /** InstanceMetadata is the account's defaults for the metadata service of new instances. */
  export interface InstanceMetadata {
    /**
     * Whether requests need a session token (IMDSv2).
     *
     * @defaultValue `"required"`
     */
    tokens?: TokenUse;
    /**
     * How many network hops an answer may travel: 1 for instances, 2 where containers ask.
     *
     * 1 to 64.
     *
     * @defaultValue `2`
     */
    hopLimit?: number;
  }

  /** TokenUse says whether the instance metadata service wants session tokens. */
  export type TokenUse = "required" | "optional";

  /**
   * DefaultVPC says what becomes of a default VPC.
   *
   * - `keep` leaves it alone.
   * - `remove` removes it with its subnets and gateway while no network interface is in it.
   */
  export type DefaultVPC = "keep" | "remove";

  /** AccessAnalyzer is the analyzers of an account. */
  export interface AccessAnalyzer {
    /**
     * Finds what is shared outside the account.
     *
     * @defaultValue `true`
     */
    external?: boolean;
    /**
     * Finds access that was not used for so many days; it costs money per role and user. Unset for none.
     *
     * 1 to 365.
     */
    unusedDays?: number;
  }

  /** Resource is an AWS resource declared as data. Its type must be in resourceTypes of archipelago.yaml. */
  export interface Resource {
    /**
     * The Pulumi type token, such as aws:s3/bucketV2:BucketV2.
     *
     * Pattern `^aws:[a-zA-Z0-9]+/[a-zA-Z0-9]+:[a-zA-Z0-9]+$`.
     */
    type: string;
    /**
     * The properties as Pulumi names them. Texts may hold placeholders: {{account.id}}, {{region}},
     * {{resources.NAME.PROPERTY}}.
     */
    properties?: { [name: string]: any };
    /**
     * Where it goes: the account's home region, or each of its regions. Default home.
     *
     * @defaultValue `"home"`
     */
    regions?: ResourceRegions;
    /** It cannot be deleted while this is set. */
    protect?: boolean;
    /** It stays in AWS when it leaves the baseline. */
    retain?: boolean;
    /** Resources of the baseline, by name, that are made before it. References count by themselves. */
    dependsOn?: string[];
    /** Properties whose changes are left alone. */
    ignoreChanges?: string[];
  }

  /** ResourceRegions says where a resource goes. */
  export type ResourceRegions = "home" | "all";

  /**
   * Context is what a hook knows about the account that it runs for. All of it comes from the files: nothing
   * that only AWS knows, and no secret, is in it.
   */
  export interface Context<P extends object = Params> {
    /** The archipelago. */
    readonly archipelago: ContextArchipelago;
    /** The organization that the account is in. */
    readonly organization: ContextOrganization;
    /** The account. */
    readonly account: ContextAccount;
    /** The name of the stack that deploys the account: its organization's name. */
    readonly stack: string;
    /** The params that this use of the hook is given. */
    readonly params: DeepReadonly<P>;
  }

  /** ContextArchipelago is the archipelago as a hook sees it. */
  export interface ContextArchipelago {
    /** The company's short name. */
    readonly name: string;
    /** The name of the hub organization. */
    readonly hub: string;
    /** The names of all organizations, sorted. */
    readonly organizations: readonly string[];
  }

  /** ContextOrganization is an organization as a hook sees it. */
  export interface ContextOrganization {
    /** The organization's name. */
    readonly name: string;
    /** What it is for. */
    readonly kind: Kind;
    /** The id of its management account. */
    readonly managementAccountId: string;
    /** Its regions, the home region first. */
    readonly regions: readonly string[];
  }

  /**
   * Kind says what an organization is for.
   *
   * - `hub` is the organization that the others may depend on: automation, network, logs.
   * - `workload` runs products.
   * - `back-office` runs internal systems such as finance and personnel.
   * - `sandbox` is where people try things: one region, accounts that come and go.
   * - `break-glass` is the way in when every other way is broken. It depends on no other organization.
   * - `transit` holds accounts on their way elsewhere: ephemeral, suspended or being moved.
   * - `acquisition` holds accounts that came with an acquired company.
   * - `divestiture` holds accounts that are going to leave the company.
   */
  export type Kind = "hub" | "workload" | "back-office" | "sandbox" | "break-glass" | "transit" | "acquisition" | "divestiture";

  /** ContextAccount is a member account as a hook sees it. */
  export interface ContextAccount {
    /** The account's key in its file. */
    readonly key: string;
    /** The account's name in AWS. */
    readonly name: string;
    /** The e-mail address of its root user. */
    readonly email: string;
    /** The keys of the units from below the root to the account. */
    readonly units: readonly string[];
    /** The units joined by slashes: "Workloads/Prod", "" for the root. */
    readonly unit: string;
    /** Where the account is in its life. */
    readonly state: State;
    /** Its tags as the files give them, before any hook. */
    readonly tags: { readonly [name: string]: string };
  }

  /**
   * State is where an account is in its life: active, quarantined, suspended, closed, in this order and back
   * up to suspended.
   *
   * - `active` is an account in use.
   * - `quarantined` keeps its place and gets the quarantine policy attached.
   * - `suspended` is moved to the unit for suspended accounts. Its resources keep running and costing.
   * - `closed` is a tombstone: the account is closed, its entry keeps the e-mail address reserved.
   */
  export type State = "active" | "quarantined" | "suspended" | "closed";
}

/** Lines for the log of the run. They are printed with the name of the account. */
declare const console: {
  debug(...data: unknown[]): void;
  info(...data: unknown[]): void;
  log(...data: unknown[]): void;
  warn(...data: unknown[]): void;
  error(...data: unknown[]): void;
};

// The same input gives the same result whenever and wherever it is worked out. What would break that throws
// in a hook, and the declarations below show it while it is written.

interface Math {
  /** @deprecated Hooks have no randomness. */
  random(): import("archipelago").Unavailable<"Hooks have no randomness.">;
}

interface DateConstructor {
  /** @deprecated Hooks have no clock; new Date(0) and the like work. */
  new (): import("archipelago").Unavailable<"Hooks have no clock.">;
  /** @deprecated Hooks have no clock; new Date(0) and the like work. */
  (): import("archipelago").Unavailable<"Hooks have no clock.">;
  /** @deprecated Hooks have no clock. */
  now(): import("archipelago").Unavailable<"Hooks have no clock.">;
}

interface Number {
  /** @deprecated Hooks have no locales. */
  toLocaleString(locales: unknown, options?: unknown): import("archipelago").Unavailable<"Hooks have no locales.">;
}

declare namespace Intl {
  interface CollatorConstructor {
    /** @deprecated Hooks have no locales. */
    new (...args: unknown[]): import("archipelago").Unavailable<"Hooks have no locales.">;
    /** @deprecated Hooks have no locales. */
    (...args: unknown[]): import("archipelago").Unavailable<"Hooks have no locales.">;
  }
  interface NumberFormatConstructor {
    /** @deprecated Hooks have no locales. */
    new (...args: unknown[]): import("archipelago").Unavailable<"Hooks have no locales.">;
    /** @deprecated Hooks have no locales. */
    (...args: unknown[]): import("archipelago").Unavailable<"Hooks have no locales.">;
  }
  interface DateTimeFormatConstructor {
    /** @deprecated Hooks have no locales. */
    new (...args: unknown[]): import("archipelago").Unavailable<"Hooks have no locales.">;
    /** @deprecated Hooks have no locales. */
    (...args: unknown[]): import("archipelago").Unavailable<"Hooks have no locales.">;
  }
}

interface String {
  /** All matches of an expression with the flag g. */
  matchAll(regexp: RegExp): IterableIterator<RegExpMatchArray>;
}

// The statements using and await using do not work in hooks: nothing fits these types.

interface Disposable {
  readonly unavailable: import("archipelago").Unavailable<"Hooks have no using.">;
}

interface AsyncDisposable {
  readonly unavailable: import("archipelago").Unavailable<"Hooks have no using.">;
}
