// Pages work without any script; what follows only makes them quicker to use.
import { attach } from "./attach.js";

attach(document);
