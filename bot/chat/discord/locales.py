"""The names and descriptions of commands in other languages; what is missing stays English."""

from __future__ import annotations

from collections.abc import Mapping

import discord
from discord import app_commands

_LOCALES: Mapping[discord.Locale, str] = {
    discord.Locale.german: "de",
    discord.Locale.french: "fr",
    discord.Locale.spain_spanish: "es",
    discord.Locale.latin_american_spanish: "es",
}
_NAMES = app_commands.TranslationContextLocation

NAMES: Mapping[str, Mapping[str, str]] = {
    "de": {
        "now": "jetzt", "ask": "fragen", "story": "thema", "follow": "folgen", "mute": "stumm",
        "unmute": "laut", "catchup": "aufholen", "subscribe": "abonnieren", "list": "liste",
        "pause": "pause", "resume": "weiter", "unsubscribe": "abbestellen", "sources": "quellen",
        "forget": "vergessen", "help": "hilfe", "question": "frage", "url": "adresse", "fresh": "neu",
        "since": "seit", "times": "zeiten", "briefing": "briefing", "action": "aktion", "feed": "feed",
        "what": "was", "everybody": "alle", "Summarise link": "Link zusammenfassen",
        "add": "hinzufügen", "remove": "entfernen", "health": "zustand",
        "this channel": "dieser Kanal", "this server": "dieser Server",
    },
    "fr": {
        "now": "maintenant", "ask": "demander", "link": "lien", "story": "sujet", "follow": "suivre",
        "mute": "masquer", "unmute": "afficher", "catchup": "rattraper", "subscribe": "abonner",
        "list": "liste", "pause": "pause", "resume": "reprendre", "unsubscribe": "désabonner",
        "sources": "sources", "status": "état", "forget": "oublier", "help": "aide",
        "question": "question", "url": "adresse", "fresh": "relire", "since": "depuis",
        "times": "horaires", "briefing": "briefing", "action": "action", "feed": "flux", "what": "quoi",
        "everybody": "tous", "Summarise link": "Résumer le lien", "add": "ajouter",
        "remove": "retirer", "health": "santé", "this channel": "ce salon", "this server": "ce serveur",
    },
    "es": {
        "now": "ahora", "ask": "preguntar", "link": "enlace", "story": "tema", "follow": "seguir",
        "mute": "silenciar", "unmute": "mostrar", "catchup": "ponerse-al-día", "subscribe": "suscribir",
        "list": "lista", "pause": "pausar", "resume": "reanudar", "unsubscribe": "cancelar",
        "sources": "fuentes", "status": "estado", "forget": "olvidar", "help": "ayuda",
        "question": "pregunta", "url": "dirección", "fresh": "releer", "since": "desde",
        "times": "horas", "briefing": "briefing", "action": "acción", "feed": "fuente", "what": "qué",
        "everybody": "todos", "Summarise link": "Resumir enlace", "add": "añadir", "remove": "quitar",
        "health": "estado", "this channel": "este canal", "this server": "este servidor",
    },
}  # fmt: skip

DESCRIPTIONS: Mapping[str, Mapping[str, str]] = {
    "de": {
        "News briefings, answers and sources of this channel": "Nachrichten-Briefings, Antworten und Quellen dieses Kanals",
        "A briefing of this moment, for you alone": "Ein Briefing von jetzt, nur für dich",
        "Ask the archive: cited, dated, or “not in the news I have”": "Das Archiv fragen: belegt, datiert oder „nicht in meinen Nachrichten“",
        "Read a page and say what it adds to what is known": "Eine Seite lesen und sagen, was sie Neues bringt",
        "Where a story stands: status, timeline, who says what": "Wo ein Thema steht: Stand, Verlauf, wer was sagt",
        "Keep a story in this channel's briefings": "Ein Thema in den Briefings dieses Kanals behalten",
        "Leave a story out until its status changes": "Ein Thema auslassen, bis sich sein Stand ändert",
        "End following or muting a story": "Folgen oder Auslassen eines Themas beenden",
        "What changed since you last looked, or since a time": "Was sich geändert hat, seit du zuletzt da warst",
        "A daily briefing for a channel, by a form (admins)": "Ein tägliches Briefing für einen Kanal (Admins)",
        "The briefings of this channel, and when the next one comes": "Die Briefings dieses Kanals und wann das nächste kommt",
        "Stop a briefing for a while (admins)": "Ein Briefing anhalten (Admins)",
        "Let a briefing run again (admins)": "Ein Briefing weiterlaufen lassen (Admins)",
        "End a briefing (admins)": "Ein Briefing beenden (Admins)",
        "The feeds read for this channel; admins add and remove": "Die Feeds dieses Kanals; Admins ändern sie",
        "Whether all is well here, and what to do where it is not": "Ob hier alles läuft, und was sonst zu tun ist",
        "Remove what you asked; admins: all that is this channel's or server's": "Löschen, was du gefragt hast; Admins: alles von Kanal oder Server",
        "What I can do, with examples": "Was ich kann, mit Beispielen",
    },
    "fr": {
        "News briefings, answers and sources of this channel": "Briefings, réponses et sources de ce salon",
        "A briefing of this moment, for you alone": "Un briefing de maintenant, pour vous seul",
        "Ask the archive: cited, dated, or “not in the news I have”": "Interroger les archives : cité, daté, ou « pas dans mes nouvelles »",
        "Read a page and say what it adds to what is known": "Lire une page et dire ce qu'elle apporte",
        "Where a story stands: status, timeline, who says what": "Où en est un sujet : état, chronologie, qui dit quoi",
        "Keep a story in this channel's briefings": "Garder un sujet dans les briefings de ce salon",
        "Leave a story out until its status changes": "Laisser un sujet de côté jusqu'à ce que son état change",
        "End following or muting a story": "Ne plus suivre ni masquer un sujet",
        "What changed since you last looked, or since a time": "Ce qui a changé depuis votre dernier passage",
        "A daily briefing for a channel, by a form (admins)": "Un briefing quotidien pour un salon (admins)",
        "The briefings of this channel, and when the next one comes": "Les briefings de ce salon et le prochain",
        "Stop a briefing for a while (admins)": "Suspendre un briefing (admins)",
        "Let a briefing run again (admins)": "Reprendre un briefing (admins)",
        "End a briefing (admins)": "Mettre fin à un briefing (admins)",
        "The feeds read for this channel; admins add and remove": "Les flux lus pour ce salon ; les admins les changent",
        "Whether all is well here, and what to do where it is not": "Si tout va bien ici, et sinon que faire",
        "Remove what you asked; admins: all that is this channel's or server's": "Effacer vos questions ; admins : tout ce qui est à ce salon ou serveur",
        "What I can do, with examples": "Ce que je sais faire, avec des exemples",
    },
    "es": {
        "News briefings, answers and sources of this channel": "Resúmenes, respuestas y fuentes de este canal",
        "A briefing of this moment, for you alone": "Un resumen de este momento, solo para ti",
        "Ask the archive: cited, dated, or “not in the news I have”": "Preguntar al archivo: citado, fechado, o «no está en mis noticias»",
        "Read a page and say what it adds to what is known": "Leer una página y decir qué añade",
        "Where a story stands: status, timeline, who says what": "Cómo está un tema: estado, cronología, quién dice qué",
        "Keep a story in this channel's briefings": "Mantener un tema en los resúmenes de este canal",
        "Leave a story out until its status changes": "Dejar fuera un tema hasta que cambie su estado",
        "End following or muting a story": "Dejar de seguir o de silenciar un tema",
        "What changed since you last looked, or since a time": "Qué cambió desde tu última visita",
        "A daily briefing for a channel, by a form (admins)": "Un resumen diario para un canal (admins)",
        "The briefings of this channel, and when the next one comes": "Los resúmenes de este canal y el próximo",
        "Stop a briefing for a while (admins)": "Pausar un resumen (admins)",
        "Let a briefing run again (admins)": "Reanudar un resumen (admins)",
        "End a briefing (admins)": "Terminar un resumen (admins)",
        "The feeds read for this channel; admins add and remove": "Las fuentes de este canal; los admins las cambian",
        "Whether all is well here, and what to do where it is not": "Si todo va bien aquí, y si no, qué hacer",
        "Remove what you asked; admins: all that is this channel's or server's": "Borrar lo que preguntaste; admins: todo lo de este canal o servidor",
        "What I can do, with examples": "Qué sé hacer, con ejemplos",
    },
}


class Words(app_commands.Translator):
    """Gives Discord the words of the tables above."""

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,
    ) -> str | None:
        """Return ``string`` in ``locale``; None leaves the English one."""
        language = _LOCALES.get(locale)
        if language is None:
            return None
        described = context.location in {
            _NAMES.command_description,
            _NAMES.group_description,
            _NAMES.parameter_description,
        }
        return (DESCRIPTIONS if described else NAMES)[language].get(string.message)
