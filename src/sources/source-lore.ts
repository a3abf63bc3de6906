type Plain =
  | string
  | number
  | boolean
  | null
  | undefined
  | readonly Plain[]
  | { readonly [key: string]: Plain };

/** What a source has learnt of itself from its listings. Kept between runs as plain data; only the source that wrote it reads it. */
export type SourceLore = { readonly [key: string]: Plain };
