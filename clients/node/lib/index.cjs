"use strict";

module.exports = { ...require("./errors.cjs"), SpeechClient: require("./client.cjs").SpeechClient };
