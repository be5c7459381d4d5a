// What a tab keeps names whose it is in its second word: nothing of who was here before stays once somebody else is.
import { me } from "./dom.js";

if (me) Object.keys(sessionStorage).filter((key) => key.split(":")[1] !== me).forEach((key) => sessionStorage.removeItem(key));
