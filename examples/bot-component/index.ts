import { Bot } from "./bot";

const survey = new Bot("survey", { tags: { purpose: "survey" } });
const reminder = new Bot("reminder", { tags: { purpose: "reminder" } });

export const surveyBot = { id: survey.botId, name: survey.botName };
export const reminderBot = { id: reminder.botId, name: reminder.botName };
