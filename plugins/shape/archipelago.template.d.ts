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

  //generated
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
