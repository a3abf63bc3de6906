/** Of the stream of events. */
export const eventsPath = "/events";
