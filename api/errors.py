"""What can go wrong at the front of house itself; the errors of the other rooms pass through to `problems`."""

from __future__ import annotations

from collections.abc import Mapping

from api.language import Language

# ServiceError
# ├── SettingsError           the environment asks for something that cannot be
# ├── NotAcceptable           no representation fits the Accept header or `format`
# ├── MalformedRequest        the request breaks its protocol
# │   ├── BodyTooLarge        the body is longer than it may be
# │   ├── UnsupportedBody     the body is of a media type nobody reads here
# │   └── UnknownValue        a filter of a page has a value that does not exist
# ├── PreconditionFailed      the graph is not in the state that If-Match or If-None-Match asks for
# ├── Unauthorised            a token is needed, and none or a wrong one was shown
# ├── Forbidden               the token shown is not for this
# ├── WritesDisabled          this installation takes no writes
# ├── TokenFileError          the file of the tokens cannot be read or written
# ├── UnknownToken            no token has this identifier
# ├── TooManyQueries          a client asks for more than its share
# ├── UploadTooLarge          the file is larger than an upload may be
# ├── UnknownPlan             no plan of that identifier is loaded
# ├── UnknownEntity           nothing is said of an IRI, and nothing points to it
# ├── UnknownGraph            the store holds no triple of a graph
# ├── UnknownEvidence         the plan has no such objective, or no plan speaks of the place and theme
# ├── NothingToLoad           a path holds no plan
# ├── MissingExtra            a command needs packages that are not installed
# ├── UnreadableRegister      the territory register is no Turtle
# ├── NotEmbedded             the command needs a store in a directory
# ├── VersionGone             the address names a version that the data no longer are, or are not yet
# ├── ReaderNotStarted        the process that reads a document could not start
# ├── ServiceStopping         the service is about to end and takes nothing new
# ├── IndexBuilding           the search index has many plans to read before it can answer
# ├── UnfitEngine             the engine is known to answer this question wrongly
# └── PortTaken               the service cannot listen where it should


class ServiceError(Exception):
    """A request cannot be served; `reason` says why, by language."""

    def __init__(self, *, it: str, en: str) -> None:
        """Keep the reason in both languages."""
        self.reason = {"it": it, "en": en}
        super().__init__(f"{it}\n{en}")


class SettingsError(ServiceError):
    """A setting has a value it cannot have; the text names the variable."""


class NotAcceptable(ServiceError):
    """None of the offered media types is acceptable to the client."""

    def __init__(self, wanted: str, offered: tuple[str, ...]) -> None:
        """Name what was asked for and what there is."""
        self.offered = offered
        there_is = ", ".join(offered)
        super().__init__(
            it=f"«{wanted}» non è tra i formati disponibili: {there_is}.",
            en=f"“{wanted}” is none of the formats there are: {there_is}.",
        )


class MalformedRequest(ServiceError):
    """The request breaks the protocol it is made in."""


class UnsupportedBody(MalformedRequest):
    """The body has no media type, or one that is not read here."""


class BodyTooLarge(MalformedRequest):
    """The body has more bytes than it may."""

    def __init__(self, limit_bytes: int) -> None:
        """Name the limit."""
        size = f"{limit_bytes / 2**20:.3g} MB"
        super().__init__(it=f"Il corpo supera {size}.", en=f"The body is larger than {size}.")


class UnknownValue(MalformedRequest):
    """A value is none of those that exist."""

    def __init__(self, name: str, value: str) -> None:
        """Name the parameter and its value."""
        self.parameter = name
        super().__init__(it=f"{name}: «{value}» non esiste.", en=f"{name}: “{value}” does not exist.")


class PreconditionFailed(ServiceError):
    """The graph is not, or no longer, what the request says it should be."""

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__(
            it="Il grafo non è nello stato che la richiesta vuole (If-Match, If-None-Match): leggilo di nuovo.",
            en="The graph is not in the state that the request wants (If-Match, If-None-Match): read it again.",
        )


class Unauthorised(ServiceError):
    """The token is missing or wrong."""

    def __init__(self) -> None:
        """Say how to show a token."""
        super().__init__(
            it="Per scrivere serve un gettone valido (Authorization: Bearer …).",
            en="Writing needs a valid token (Authorization: Bearer …).",
        )


class Forbidden(ServiceError):
    """The token is good, and its scope too small."""

    def __init__(self, scope: str, needed: str) -> None:
        """Name both scopes."""
        super().__init__(
            it=f"Il gettone è per «{scope}»: qui serve «{needed}».",
            en=f"The token is for “{scope}”: this takes “{needed}”.",
        )


class WritesDisabled(ServiceError):
    """This installation has no token that could write, so nobody may."""

    def __init__(self) -> None:
        """Say how writes are enabled."""
        super().__init__(
            it="Le scritture sono disattivate: chi gestisce il servizio può attivarle con `raccordo token create`.",
            en="Writes are off: whoever runs the service can enable them with `raccordo token create`.",
        )


class TokenFileError(ServiceError):
    """The tokens cannot be read or written."""

    def __init__(self, path: str, problem: str) -> None:
        """Name the file and what is wrong with it."""
        super().__init__(
            it=f"Il file dei gettoni «{path}» (RACCORDO_TOKENS) non è utilizzabile: {problem}",
            en=f"The file of the tokens “{path}” (RACCORDO_TOKENS) cannot be used: {problem}",
        )


class UnknownToken(ServiceError):
    """No token has this identifier."""

    def __init__(self, token_id: str) -> None:
        """Name the identifier and the remedy."""
        super().__init__(
            it=f"Nessun gettone si chiama «{token_id}»: `raccordo token list` li elenca.",
            en=f"No token is called “{token_id}”: `raccordo token list` lists them.",
        )


class TooManyQueries(ServiceError):
    """One client asks for more than its share."""

    def __init__(self, retry_seconds: int) -> None:
        """Say when to come back."""
        self.retry_seconds = retry_seconds
        super().__init__(
            it=f"Troppe query da questo indirizzo: riprova tra {retry_seconds} s.",
            en=f"Too many queries from this address: try again in {retry_seconds} s.",
        )


class UploadTooLarge(ServiceError):
    """An uploaded file has more bytes than it may."""

    def __init__(self, limit_bytes: int) -> None:
        """Name the limit."""
        size = f"{limit_bytes / 2**20:.3g} MB"
        super().__init__(it=f"Il file supera il limite di {size}.", en=f"The file is larger than the limit of {size}.")


class UnknownPlan(ServiceError):
    """No loaded plan has this identifier."""

    def __init__(self, plan_id: str) -> None:
        """Name the identifier."""
        self.plan_id = plan_id
        super().__init__(
            it=f"Nessun piano caricato si chiama «{plan_id}».", en=f"No loaded plan is called “{plan_id}”."
        )


class UnknownGraph(ServiceError):
    """The store holds no triple of a graph."""

    def __init__(self, iri: str | None) -> None:
        """Name the graph; the default graph has no name."""
        name = f"<{iri}>" if iri else ""
        super().__init__(
            it=f"Il grafo {name} non c'è." if name else "Il grafo predefinito è vuoto.",
            en=f"There is no graph {name}." if name else "The default graph is empty.",
        )


class UnknownEvidence(ServiceError):
    """Nothing in the loaded plans answers to the place that was asked for."""

    def __init__(self, place: str) -> None:
        """Name the place."""
        super().__init__(it=f"Nei piani caricati non c'è «{place}».", en=f"The loaded plans have no “{place}”.")


class UnknownEntity(ServiceError):
    """Nothing is known of an IRI."""

    def __init__(self, iri: str, nearest: str | None) -> None:
        """Name the IRI, and the nearest one above it that something is known of."""
        self.nearest = nearest
        near_it = f"\nIl più vicino che c'è: {nearest}" if nearest else ""
        near_en = f"\nThe nearest there is: {nearest}" if nearest else ""
        super().__init__(
            it=f"Di <{iri}> qui non si sa nulla: il suo piano non è caricato, o è stato letto di nuovo.{near_it}\n"
            "I piani caricati sono in /plans, le parole del modello in /ontology e /vocab.",
            en=f"Nothing is known of <{iri}> here: its plan may not be loaded, or was read again.{near_en}\n"
            "The loaded plans are at /plans, the words of the model at /ontology and /vocab.",
        )


class NothingToLoad(ServiceError):
    """A path holds no plan folder and is no document."""

    def __init__(self, path: str) -> None:
        """Name the path and the remedy."""
        super().__init__(
            it=f"«{path}» non contiene piani: indica un documento, o una cartella con un plan.toml.",
            en=f"“{path}” holds no plan: give a document, or a folder with a plan.toml.",
        )


class MissingExtra(ServiceError):
    """A command needs packages that are installed only when asked for."""

    def __init__(self, extra: str) -> None:
        """Name the extra."""
        super().__init__(
            it=f"Questo comando vuole pacchetti che mancano: pip install 'raccordo[{extra}]'.",
            en=f"This command needs packages that are not there: pip install 'raccordo[{extra}]'.",
        )


class UnreadableRegister(ServiceError):
    """The territory register cannot be read."""

    def __init__(self, path: str, problem: str) -> None:
        """Name the file and what is wrong with it."""
        super().__init__(
            it=f"Il registro dei territori «{path}» non si legge: {problem}",
            en=f"The territory register “{path}” cannot be read: {problem}",
        )


class NotEmbedded(ServiceError):
    """The command works on an embedded store alone."""

    def __init__(self, url: str) -> None:
        """Name the store and the remedy."""
        super().__init__(
            it=f"«{url}» non è una cartella (oxigraph:CARTELLA): usa gli strumenti del suo server, o `raccordo dump`.",
            en=f"“{url}” is no directory (oxigraph:DIRECTORY): use the tools of its server, or `raccordo dump`.",
        )


class UnfitEngine(ServiceError):
    """The engine of the store is known to answer this question wrongly, so it is not asked."""

    def __init__(self, engine: str, slug: str) -> None:
        """Name the engine, the question and the remedy."""
        super().__init__(
            it=f"{engine} risponde in modo sbagliato alla domanda «{slug}», che perciò qui è rifiutata: "
            "usa l'archivio incorporato (oxigraph:CARTELLA) o un altro server SPARQL 1.1.",
            en=f"{engine} answers the question “{slug}” wrongly, so it is refused here: "
            "use the embedded store (oxigraph:DIRECTORY) or another SPARQL 1.1 server.",
        )


class VersionGone(ServiceError):
    """The data are not of the version that an address names; one version is served, the present one."""

    def __init__(self, wanted: str, present: str, address: str) -> None:
        """Name both versions, the same address with the present one, and how the other can be had."""
        self.nearest = address
        super().__init__(
            it=f"Questo indirizzo chiede la versione {wanted} dei dati, che qui non c'è più (o non è mai stata qui).\n"
            f"La versione presente è {present}: {address}\n"
            "Chi gestisce il servizio può averne una copia: `raccordo restore` la rimette in un archivio, e lì lo "
            "stesso indirizzo dà di nuovo la stessa risposta.",
            en=f"This address asks for version {wanted} of the data, which is no longer here (or never was).\n"
            f"The present version is {present}: {address}\n"
            "Whoever runs the service may have a copy: `raccordo restore` puts it into a store, where the same address "
            "gives the same answer again.",
        )


class ReaderNotStarted(ServiceError):
    """The process that should read a document did not come up: the machine is at fault, not the document."""

    def __init__(self, problem: str) -> None:
        """Say what happened, and what to do."""
        self.retry_seconds = 30
        super().__init__(
            it=f"Il processo che legge i documenti non è partito ({problem}): il documento non c'entra. Riprova; se si "
            "ripete, controlla la memoria libera e quanti processi sono permessi.",
            en=f"The process that reads documents did not start ({problem}): the document is not at fault. Try again; "
            "if it happens again, check the free memory and how many processes are allowed.",
        )


class ServiceStopping(ServiceError):
    """The service was told to stop: it ends the answers under way and takes no new request."""

    def __init__(self) -> None:
        """Say when to come back."""
        self.retry_seconds = 5
        super().__init__(
            it="Il servizio si sta fermando: riprova tra poco.", en="The service is stopping: try again soon."
        )


class IndexBuilding(ServiceError):
    """The search index is being made: it has read `done` plans of `total`."""

    def __init__(self, done: int, total: int, retry_seconds: int) -> None:
        """Say how far it is, and when to come back."""
        self.retry_seconds = retry_seconds
        super().__init__(
            it=f"L'indice delle ricerche si sta costruendo: {done} piani letti su {total}. Riprova tra "
            f"{retry_seconds} s; tutto il resto risponde come sempre.",
            en=f"The search index is being made: {done} plans read of {total}. Try again in {retry_seconds} s; "
            "everything else answers as ever.",
        )


class PortTaken(ServiceError):
    """The address cannot be listened on, most often because another process does."""

    def __init__(self, host: str, port: int, problem: str) -> None:
        """Name the address and the remedy."""
        super().__init__(
            it=f"Non si può ascoltare su {host}:{port} ({problem}): scegli un'altra porta con --port.",
            en=f"Cannot listen on {host}:{port} ({problem}): choose another port with --port.",
        )


def reason_of(error: Exception, language: Language) -> str:
    """Why `error` happened: in `language` where the error knows it, else in its own words."""
    reason = getattr(error, "reason", None)
    if not isinstance(reason, Mapping):
        return str(error)
    parameter = getattr(error, "parameter", None)
    text = str(reason[language])
    return text if parameter is None or text.startswith(f"{parameter}:") else f"{parameter}: {text}"
