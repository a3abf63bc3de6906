/**
 * Settings that are accepted for features that this version does not have. Giving one of them another value than its default
 * is a warning. Who builds a feature removes its lines here, and nothing else.
 */
export interface NotYet {
  /** A setting, or a block with all its settings. `[]` stands for any index. */
  pattern: string;
  feature: string;
}

export const notYet: readonly NotYet[] = [];
