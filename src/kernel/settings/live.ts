/**
 * Whether a running service follows a changed setting once the configuration is read again (true), or only at its next start: of a
 * whole block, or of each of its settings. One that is added to such a block does not compile without.
 */
export type Live<Block> = boolean | { readonly [Key in keyof Block]-?: Live<Block[Key]> };
