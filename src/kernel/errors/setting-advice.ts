/** The settings of a source that a problem with what it holds may advise. */
export type AdvisedSetting = "encoding" | "date_order";

/**
 * What helps with a problem: a setting of the connector's source, and a value that it may have. It is made where the problem is, and each door says
 * in its own words how that is set there.
 */
export interface SettingAdvice {
  readonly setting: AdvisedSetting;
  /** One value, or several: `windows-1252`, `day_first or month_first`. */
  readonly example: string;
}

/** For files whose bytes are no text in the encoding that they are read in. */
export const encodingAdvice: SettingAdvice = { setting: "encoding", example: "windows-1252" };

/** For chats whose dates may be read in two ways. */
export const dateOrderAdvice: SettingAdvice = {
  setting: "date_order",
  example: "day_first or month_first",
};

/** The words of whoever has a configuration. */
export const adviceInSettings = ({ setting, example }: SettingAdvice): string =>
  `set the connector's source.${setting}, such as ${example}`;
